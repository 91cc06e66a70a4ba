//! Makes a period from the parts of an expression: it finds the first and the last point and checks
//! their order.

use jiff::civil::Date;

use super::point::Point;
use super::words::Opening;
use super::{DatePart, Period, PeriodError};

/// Reads one point, two points with a joint such as `..` between them, or a period with one side
/// open. `منذ 2019` (since 2019) is such a period.
pub fn period(parts: &[DatePart]) -> Result<Period, PeriodError> {
    let (opening, parts) = match parts {
        [] => return Err(PeriodError::Empty),
        [DatePart::Opening(opening), rest @ ..] => (Some(*opening), rest),
        _ => (None, parts),
    };
    let joins = |part: &DatePart| {
        matches!(part, DatePart::Dots | DatePart::To)
            || *part == DatePart::And && opening == Some(Opening::Between)
    };
    let (from, before) = match (parts.iter().position(joins), opening) {
        (Some(at), None | Some(Opening::From | Opening::Between)) => {
            joined(&parts[..at], parts[at], &parts[at + 1..])?
        }
        (Some(_), Some(Opening::After | Opening::Before)) | (None, Some(Opening::Between)) => {
            return Err(PeriodError::Unreadable);
        }
        (None, Some(Opening::After)) => (Some(Point::read(parts)?.days()?.1), None),
        (None, Some(Opening::Before)) => (None, Some(Point::read(parts)?.days()?.0)),
        (None, None | Some(Opening::From)) => match one_or_two(parts)? {
            (first, None) if opening.is_some() => (Some(first.days()?.0), None),
            (first, last) => closed(first, last.unwrap_or(first))?,
        },
    };
    Ok(Period { from, before })
}

/// The first day of a period and the day after its last day, as far as they are given.
type Sides = (Option<Date>, Option<Date>);

/// Reads the points on the left and the right of a joint, which is `..` or a word such as `إلى`.
/// One side may be missing.
fn joined(left: &[DatePart], joint: DatePart, right: &[DatePart]) -> Result<Sides, PeriodError> {
    match (left, right) {
        ([], []) => Err(PeriodError::Empty),
        ([], right) => Ok((None, Some(Point::read(right)?.days()?.1))),
        (left, []) if joint == DatePart::Dots => Ok((Some(Point::read(left)?.days()?.0), None)),
        (left, right) => closed(Point::read(left)?, Point::read(right)?),
    }
}

/// Reads one point, or two of the same length with a sign between. `2020-03` is one point,
/// `2019-2020` and `3-7 مارس 2020` are two.
fn one_or_two(parts: &[DatePart]) -> Result<(Point, Option<Point>), PeriodError> {
    let two = |at: usize| {
        let (first, last) = Point::read(&parts[..at])
            .ok()?
            .completed_by(Point::read(&parts[at + 1..]).ok()?);
        first.is_as_long_as(&last).then_some((first, Some(last)))
    };
    let is_sign = |at: &usize| matches!(parts[*at], DatePart::Sign(_));
    Point::read(parts)
        .map(|point| (point, None))
        .or_else(|error| (0..parts.len()).filter(is_sign).find_map(two).ok_or(error))
}

fn closed(first: Point, last: Point) -> Result<Sides, PeriodError> {
    let (first, last) = first.completed_by(last);
    let from = first.days()?.0;
    let before = last.days()?.1;
    if from < before {
        return Ok((Some(from), Some(before)));
    }
    Err(PeriodError::Reversed {
        first: from,
        last: before.yesterday()?,
    })
}
