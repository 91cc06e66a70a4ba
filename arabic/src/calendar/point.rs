//! One expression, such as a day or a month. Its parts become the fields year, month and day, and
//! the fields become days. Ranges are read in `range`.

use jiff::civil::Date;

use super::{Calendar, DatePart, PeriodError, YEARS, hijri, persian};

/// The year, month and day of an expression, as far as they are given. The left side of a range may
/// lack fields that the right side has.
#[derive(Clone, Copy)]
pub struct Point {
    calendar: Option<Calendar>,
    year: Option<u32>,
    month: Option<u32>,
    day: Option<u32>,
}

impl Point {
    /// Reads the fields of an expression from its parts. It does not check that the day exists.
    pub fn read(parts: &[DatePart]) -> Result<Self, PeriodError> {
        let (era, parts) = without_eras(parts)?;
        for (at, part) in parts.iter().enumerate() {
            if let DatePart::Month(calendar, month) = *part {
                if era.is_some_and(|era| era != calendar) {
                    return Err(PeriodError::MixedCalendars);
                }
                let (year, day) = around_name(&parts[..at], &parts[at + 1..])?;
                return Ok(Self {
                    calendar: Some(calendar),
                    year,
                    month: Some(month),
                    day,
                });
            }
        }
        Self::of_numbers(era, &parts)
    }

    /// Reads `2020`, `2020-01`, `1/2020`, `2020-01-15`, `15/1/2020`, `20200115`; and `15`, `15/1`
    /// as the left side of a range.
    fn of_numbers(calendar: Option<Calendar>, parts: &[DatePart]) -> Result<Self, PeriodError> {
        let (year, month, day) = match numbers(parts)?[..] {
            [(8, compact)] => (
                Some(compact / 10_000),
                Some(compact / 100 % 100),
                Some(compact % 100),
            ),
            [(3.., year)] => (Some(year), None, None),
            [(_, day)] => (None, None, Some(day)),
            // A number without digits is a day in words, never a month.
            [(3.., year), (1..3, month)] | [(1..3, month), (3.., year)] => {
                (Some(year), Some(month), None)
            }
            [(..3, day), (1..3, month)] => (None, Some(month), Some(day)),
            [(3.., year), (1..3, month), (..3, day)] | [(..3, day), (1..3, month), (3.., year)] => {
                (Some(year), Some(month), Some(day))
            }
            _ => return Err(PeriodError::Unreadable),
        };
        Ok(Self {
            calendar,
            year,
            month,
            day,
        })
    }

    /// Returns the point in `calendar`, unless the expression names another one.
    pub fn in_calendar(mut self, calendar: Calendar) -> Self {
        self.calendar.get_or_insert(calendar);
        self
    }

    /// Returns the calendar of the expression, by default the Gregorian.
    pub fn calendar(&self) -> Calendar {
        self.calendar.unwrap_or(Calendar::Gregorian)
    }

    /// Fills in missing fields of the left side of a range from the right side, and returns both
    /// sides. `3` before `7 مارس 2020` becomes `3 مارس 2020`.
    pub fn completed_by(mut self, mut right: Self) -> (Self, Self) {
        if self.day.is_some() && self.month.is_none() && right.day.is_some() {
            self.month = right.month;
        }
        self.year = self.year.or(right.year);
        self.calendar = self.calendar.or(right.calendar);
        right.calendar = right.calendar.or(self.calendar);
        (self, right)
    }

    /// Whether both are days, both months or both years.
    pub fn is_as_long_as(&self, other: &Self) -> bool {
        self.day.is_some() == other.day.is_some()
            && (self.day.is_some() || self.month.is_some() == other.month.is_some())
    }

    /// Returns the first day of the point and the day after its last day. Fails if there is no such
    /// day.
    pub fn days(&self) -> Result<(Date, Date), PeriodError> {
        let year = self.year.ok_or(PeriodError::NoYear)?;
        let calendar = self.calendar();
        match calendar {
            Calendar::Gregorian if !YEARS.contains(&year) => {
                return Err(PeriodError::YearOutOfRange);
            }
            Calendar::Hijri if !hijri::YEARS.contains(&year) => {
                return Err(PeriodError::HijriYearOutOfRange);
            }
            Calendar::Persian if !persian::YEARS.contains(&year) => {
                return Err(PeriodError::PersianYearOutOfRange);
            }
            Calendar::Gregorian | Calendar::Hijri | Calendar::Persian => {}
        }
        let first_of = |month: u32| {
            first_of_month(calendar, year, month).ok_or(PeriodError::NoSuchMonth(month))
        };
        let (month, day) = match (self.month, self.day) {
            (None, None) => return Ok((first_of(1)?, first_of(13)?)),
            (None, Some(_)) => return Err(PeriodError::Unreadable),
            (Some(month), _) if !(1..=12).contains(&month) => {
                return Err(PeriodError::NoSuchMonth(month));
            }
            (Some(month), None) => return Ok((first_of(month)?, first_of(month + 1)?)),
            (Some(month), Some(day)) => (month, day),
        };
        let first = first_of(month)?;
        let day_count = match calendar {
            Calendar::Gregorian => first.days_in_month().unsigned_abs().into(),
            Calendar::Hijri => hijri::MAX_DAYS,
            Calendar::Persian => (first_of(month + 1)? - first).get_days().unsigned_abs(),
        };
        let no_such_day = PeriodError::NoSuchDay { year, month, day };
        if !(1..=day_count).contains(&day) {
            return Err(no_such_day);
        }
        let day = first
            .checked_add(jiff::Span::new().days(day - 1))
            .map_err(|_| no_such_day)?;
        Ok((day, day.tomorrow()?))
    }
}

type YearAndDay = (Option<u32>, Option<u32>);

/// Reads the year and the day around the name of a month: `مارس 2020`, `15 مارس 2020`, `March 15,
/// 2020`, `2020 مارس`. A sign may stand on either side of the name.
fn around_name(before: &[DatePart], after: &[DatePart]) -> Result<YearAndDay, PeriodError> {
    let before = match before {
        [numbers @ .., DatePart::Sign(_)] if !numbers.is_empty() => numbers,
        _ => before,
    };
    let after = match after {
        [DatePart::Sign(_), numbers @ ..] if !numbers.is_empty() => numbers,
        _ => after,
    };
    Ok(match (&numbers(before)?[..], &numbers(after)?[..]) {
        ([], []) => (None, None),
        ([], [(..3, day)]) | ([(..3, day)], []) => (None, Some(*day)),
        ([], [(_, year)]) | ([(_, year)], []) => (Some(*year), None),
        ([(..3, day)], [(3.., year)])
        | ([(3.., year)], [(..3, day)])
        | ([], [(..3, day), (3.., year)]) => (Some(*year), Some(*day)),
        _ => return Err(PeriodError::Unreadable),
    })
}

/// Returns the first day of the month. Month 13 is the first month of the next year.
fn first_of_month(calendar: Calendar, year: u32, month: u32) -> Option<Date> {
    match calendar {
        Calendar::Gregorian => {
            let first = Date::new(year.try_into().ok()?, 1, 1).ok()?;
            first.checked_add(jiff::Span::new().months(month - 1)).ok()
        }
        Calendar::Hijri => hijri::first_of_month(year, month),
        Calendar::Persian => persian::first_of_month(year, month),
    }
}

/// Returns the calendar of the era marks (`م`, `هـ`, `هـ.ش`) and the parts without them. Fails if the
/// marks disagree.
fn without_eras(parts: &[DatePart]) -> Result<(Option<Calendar>, Vec<DatePart>), PeriodError> {
    let mut era = None;
    let mut others = Vec::with_capacity(parts.len());
    for part in parts {
        match *part {
            DatePart::Era(calendar) => match (era.replace(calendar), calendar) {
                // `هجري شمسي`: the Persian calendar counts from the Hijra, too.
                (Some(Calendar::Hijri), Calendar::Persian) => {}
                (Some(other), _) if other != calendar => return Err(PeriodError::MixedCalendars),
                (Some(_) | None, _) => {}
            },
            other => others.push(other),
        }
    }
    Ok((era, others))
}

/// Returns the numbers, if the same sign separates all of them, or if no sign does. Each has the
/// count of its digits and its value. A number of more than two digits is a year, perhaps an
/// invalid one.
fn numbers(parts: &[DatePart]) -> Result<Vec<(usize, u32)>, PeriodError> {
    let mut numbers = Vec::new();
    let mut gaps = Vec::new();
    let mut sign = None;
    for part in parts {
        match *part {
            DatePart::Number(digits, value) => {
                gaps.push(sign.take());
                numbers.push((digits, value));
            }
            DatePart::Sign(next) if !numbers.is_empty() && sign.is_none() => sign = Some(next),
            _ => return Err(PeriodError::Unreadable),
        }
    }
    // There is no gap before the first number.
    let is_uniform = gaps.iter().skip(1).all(|gap| *gap == gaps[1]);
    if is_uniform && sign.is_none() {
        Ok(numbers)
    } else {
        Err(PeriodError::Unreadable)
    }
}
