//! Enums whose variants have names that never change: in stored articles, in the API, or in the
//! query language. The macro writes each name beside its variant.

/// Declares an enum with the name of each variant, and in a second column an English message if the
/// variants have one. `name` and `message` return them.
macro_rules! named {
    (
        $(#[$about:meta])*
        pub enum $type:ident {
            $($(#[$about_variant:meta])* $variant:ident = $name:literal $(: $message:literal)?,)+
        }
    ) => {
        $(#[$about])*
        pub enum $type {
            $($(#[$about_variant])* $variant,)+
        }

        impl $type {
            /// All variants, in order.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// Returns the name of the variant. It never changes.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }

        named!(@messages $type $($variant $($message)?,)+);
    };
    (@messages $type:ident $($variant:ident,)+) => {};
    (@messages $type:ident $($variant:ident $message:literal,)+) => {
        impl $type {
            /// Returns an English sentence that explains the variant to a user.
            pub const fn message(self) -> &'static str {
                match self {
                    $(Self::$variant => $message,)+
                }
            }
        }
    };
}
