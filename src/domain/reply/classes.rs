//! Sets of classes: what is asked of every word of every text, so it is a few bits.

use std::ops::{BitOr, BitOrAssign};

use super::roles::Role;

/// A class of words that mean the same to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Class(pub(super) u8);

impl Class {
    /// Whether the grammar itself asks for it, and not only patterns.
    pub(super) fn is_role(self) -> bool {
        usize::from(self.0) < Role::NAMES.len()
    }
}

/// How many classes there can be.
pub const MOST_CLASSES: usize = 256;

/// A set of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes([u128; 2]);

impl Classes {
    /// No class.
    pub(super) const NONE: Self = Self([0; 2]);

    /// The classes of these roles.
    pub(super) const fn of(roles: &[Role]) -> Self {
        let mut found = Self::NONE;
        let mut at = 0;
        while at < roles.len() {
            found = found.and(roles[at].class());
            at += 1;
        }
        found
    }

    /// These and one more.
    pub(super) const fn and(self, class: Class) -> Self {
        let Self(mut halves) = self;
        halves[(class.0 >> 7) as usize] |= 1 << (class.0 & 127);
        Self(halves)
    }

    /// These and those.
    pub(super) const fn or(self, other: Self) -> Self {
        Self([self.0[0] | other.0[0], self.0[1] | other.0[1]])
    }

    /// All but one.
    pub(super) fn without(self, role: Role) -> Self {
        let Self([low, high]) = Self::of(&[role]);
        Self([self.0[0] & !low, self.0[1] & !high])
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self::NONE
    }

    /// Whether this role is among them.
    pub(super) fn has(self, role: Role) -> bool {
        self.holds(role.class())
    }

    /// Whether this class is among them.
    pub(super) fn holds(self, class: Class) -> bool {
        self.0[usize::from(class.0 >> 7)] & (1 << (class.0 & 127)) != 0
    }

    /// Whether any of those is among them.
    pub(super) fn any(self, other: Self) -> bool {
        (self.0[0] & other.0[0]) | (self.0[1] & other.0[1]) != 0
    }

    /// Each of them, in order.
    pub(super) fn iter(self) -> impl Iterator<Item = Class> {
        let each = |first: u8, mut left: u128| {
            std::iter::from_fn(move || {
                let bit = u8::try_from(left.trailing_zeros()).ok()?;
                (left != 0).then(|| {
                    left &= left - 1;
                    Class(first + bit)
                })
            })
        };
        each(0, self.0[0]).chain(each(128, self.0[1]))
    }
}

impl BitOr for Classes {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl BitOrAssign for Classes {
    fn bitor_assign(&mut self, other: Self) {
        *self = self.or(other);
    }
}
