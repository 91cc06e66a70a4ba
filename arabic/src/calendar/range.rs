//! Makes a period from the parts of an expression: it finds the first and the last point and checks
//! their order.

use super::Period;
use super::error::PeriodError;
use super::point::Point;
use super::words::{DatePart, Opening};

/// Reads one point, two points with a joint such as `..` between them, or a period with one side
/// open. `منذ 2019` (since 2019) is such a period.
pub(super) fn period(parts: &[DatePart]) -> Result<Period, PeriodError> {
    let (opening, parts) = match parts {
        [] => return Err(PeriodError::Empty),
        [DatePart::Opening(opening), rest @ ..] => (Some(*opening), rest),
        _ => (None, parts),
    };
    let joins = |part: &DatePart| match part {
        DatePart::Dots | DatePart::To => true,
        DatePart::And => opening == Some(Opening::Between),
        DatePart::DateNumber(_)
        | DatePart::Month(..)
        | DatePart::Era(_)
        | DatePart::Sign(_)
        | DatePart::Opening(_) => false,
    };
    match (parts.iter().position(joins), opening) {
        (Some(at), None | Some(Opening::From | Opening::Between)) => {
            joined(&parts[..at], parts[at], &parts[at + 1..])
        }
        (Some(_), Some(Opening::After | Opening::Before)) | (None, Some(Opening::Between)) => {
            Err(PeriodError::Unreadable)
        }
        (None, Some(Opening::After)) => Ok(Period {
            from: Some(Point::read(parts)?.days()?.1),
            before: None,
        }),
        (None, Some(Opening::Before)) => Ok(Period {
            from: None,
            before: Some(Point::read(parts)?.days()?.0),
        }),
        (None, Some(Opening::From)) => match one_or_two(parts)? {
            (first, None) => Ok(Period {
                from: Some(first.days()?.0),
                before: None,
            }),
            (first, Some(last)) => closed(first, last),
        },
        (None, None) => {
            let (first, last) = one_or_two(parts)?;
            closed(first, last.unwrap_or(first))
        }
    }
}

/// Reads the points on the left and the right of a joint, which is `..` or a word such as `إلى`.
/// One side may be missing.
fn joined(left: &[DatePart], joint: DatePart, right: &[DatePart]) -> Result<Period, PeriodError> {
    match (left, right) {
        ([], []) => Err(PeriodError::Empty),
        ([], right) => Ok(Period {
            from: None,
            before: Some(Point::read(right)?.days()?.1),
        }),
        (left, []) if joint == DatePart::Dots => Ok(Period {
            from: Some(Point::read(left)?.days()?.0),
            before: None,
        }),
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

fn closed(first: Point, last: Point) -> Result<Period, PeriodError> {
    let (first, last) = first.completed_by(last);
    let from = first.days()?.0;
    let before = last.days()?.1;
    if from < before {
        return Ok(Period {
            from: Some(from),
            before: Some(before),
        });
    }
    let last = before
        .yesterday()
        .map_err(|_| PeriodError::YearOutOfRange)?;
    Err(PeriodError::Reversed { first: from, last })
}
