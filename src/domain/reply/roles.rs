//! The classes that the reader itself asks for, by the names they have in the lexicon.

use super::classes::Class;

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $name:literal,)*) => {
        /// A class of words with a part in the grammar; every other class only serves the patterns of the lexicon.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Role {
            $($(#[$doc])* $role,)*
        }

        impl Role {
            /// The names of all roles, in their order.
            pub const NAMES: &'static [&'static str] = &[$($name,)*];
        }
    };
}

roles! {
    /// "không", "chưa".
    Not = "not",
    /// "chưa": what it denies may still come.
    NotYet = "not-yet",
    /// "không có khó khăn": it was looked for, and is not there.
    Absent = "absent",
    /// "khỏi", "đừng": denies a request, not a result.
    NoNeed = "no-need",
    /// "đâu", "gì" after what they deny.
    NotAfter = "not-after",
    /// "đã", "vừa".
    Perfect = "perfect",
    /// "rồi".
    Already = "already",
    /// "xong", "hoàn thành".
    Done = "done",
    /// "ban hành", "nộp": finishes when it has happened.
    Act = "act",
    /// "trình", "ký nháy": happens before the end.
    Step = "step",
    /// "dự thảo".
    Draft = "draft",
    /// "một phần", "khâu".
    Piece = "piece",
    /// "bìa", "giao diện", "phụ lục": a part of a product, by its name.
    Section = "section",
    /// "lớp", "kỳ", "chương": with a number behind it, one of several.
    Series = "series",
    /// "băng rôn", "đơn xin nghỉ": made or handed in beside the work.
    Beside = "beside",
    /// "xã", "thôn": with a name behind it, one of many.
    Place = "place",
    /// "đầu tiên", "thứ nhất": more come after it.
    First = "first",
    /// "đã triển khai": begun, or over.
    Begun = "begun",
    /// "báo", "nhắn": what is promised for when it is finished.
    WillTell = "will-tell",
    /// "bản giấy": follows what is finished.
    HardCopy = "hard-copy",
    /// "mất file", "quên béng": what is over so is no work.
    Mishap = "mishap",
    /// "trên", "trong": stands between a count and the whole.
    OutOf = "out-of",
    /// "mất điện", "sập": something does not work.
    Broken = "broken",
    /// "gần", "sắp".
    Hedge = "hedge",
    /// "sẽ", "dự kiến", "cố gắng".
    Will = "will",
    /// "thế là", "coi như": it is as good as finished.
    SoItIs = "so-it-is",
    /// "nói", "tưởng": what follows is what somebody says or thinks.
    ReportVerb = "report-verb",
    /// "nếu", "bao giờ".
    If = "if",
    /// "có tiền thì": begins a condition that has no "if".
    Supposing = "supposing",
    /// "chờ", "đợi".
    Wait = "wait",
    /// "và", "rồi": what was begun before goes on to what follows.
    AndThen = "and-then",
    /// "cho", "về", "lên": whoever is named next is sent something, and does nothing.
    Toward = "toward",
    /// "giám đốc", "lãnh đạo": what is only handed up to them waits for them.
    Superior = "superior",
    /// "ký", "xem": what somebody is handed a thing for.
    Handle = "handle",
    /// "qua Q-office", "bản giấy": the way by which something was sent, and what it looked like.
    Way = "way",
    /// "trả lời thế nào": how to answer is asked.
    HowTo = "how-to",
    /// "đúng", "phải": yes to "is that right?".
    SaysYes = "says-yes",
    /// "không", "giữ nguyên": no to it.
    SaysNo = "says-no",
    /// "chưa có số": no to "which number?".
    NoNumber = "no-number",
    /// "không phải việc của bên em": it belongs to somebody else.
    NotOurs = "not-ours",
    /// "nhắn nhầm người": whoever is reminded has nothing to do with it.
    WrongPerson = "wrong-person",
    /// "dạ", "vâng", "cảm ơn".
    Courtesy = "courtesy",
    /// "cả", "đủ", "đều": none is left out.
    Whole = "whole",
    /// "xã", "hồ sơ": what is counted.
    Counted = "counted",
    /// Somebody else's unit.
    Other = "other",
    /// The sender's own side.
    Own = "own",
    /// "quy chế", "hội nghị": a name of work.
    Product = "product",
    /// "kinh phí", "chủ trương": what work is done with.
    Means = "means",
    /// "duyệt", "cấp": how such things come.
    Grant = "grant",
    /// "coi như": as good as finished is not finished.
    AsIf = "as-if",
    /// "lúc trước", "lần đầu": what is said there is over.
    Formerly = "formerly",
    /// "má ơi", "học phí": private talk.
    Private = "private",
    /// "gì", "sao", "nào".
    Wh = "wh",
    /// "không", "chưa", "hả" at the end.
    YesNo = "yes-no",
    /// "ạ", "nhé", "anh", "em": say nothing.
    Polite = "polite",
    /// "ok" behind the name of a task: it is seen, or done.
    Agreed = "agreed",
    /// "nhưng", "còn": begins a clause.
    But = "but",
    /// "vẫn" before what has happened all the same.
    InSpite = "in-spite",
    /// "rốt cuộc", "ai dè": what follows is how it ended.
    Turn = "turn",
    /// "chỉ", "mới".
    Only = "only",
    /// "đang", "vẫn".
    Still = "still",
    /// "xin báo cáo", "kính gửi": whoever says so speaks of itself.
    Humble = "humble",
    /// "trân trọng": what follows is a signature.
    SignOff = "sign-off",
    /// "KT.", "người ký": begins the lines of whoever signs.
    Signature = "signature",
    /// "kính gửi".
    Greeting = "greeting",
    /// "ngày", "hôm".
    Day = "day",
    /// "tuần".
    Week = "week",
    /// "tháng".
    Month = "month",
    /// "quý".
    Quarter = "quarter",
    /// "năm".
    Year = "year",
    /// "giờ", "tiếng", "phút".
    Hours = "hours",
    /// "thứ".
    Weekday = "weekday",
    /// "chủ nhật".
    Sunday = "sunday",
    /// "mùng".
    MonthDay = "month-day",
    /// A day counted from today; its value is 100 + the number of days.
    Relative = "relative-day",
    /// "chiều", "tối": a part of a day.
    DayPart = "day-part",
    /// "nay", "bây giờ": what is told next is how it stands now.
    FromNow = "from-now",
    /// "lát nữa": later today.
    Later = "later-today",
    /// "sau", "tới".
    Next = "next",
    /// "trước", "vừa rồi".
    Last = "last",
    /// "này".
    This = "this",
    /// "đầu".
    Begin = "begin",
    /// "giữa".
    Middle = "middle",
    /// "cuối", "hết".
    End = "end",
    /// "nữa": counted from now.
    Ahead = "ahead",
    /// "thêm", "lùi": counted from the deadline.
    More = "more",
    /// "sau", "trong vòng" before a number of days.
    After = "after",
    /// "trước", "cách đây": counted back.
    Ago = "ago",
    /// "đến", "tới", "sang".
    Until = "until",
    /// "hạn cũ", "thay vì": a date that is not wanted any more.
    OldDate = "old-date",
    /// "từ", "hồi": the date after it is over.
    Since = "since",
    /// "hạn": a date right after it is the deadline as it stands.
    Deadline = "deadline",
    /// "bắt đầu", "họp": a date of something before the end.
    StartDate = "start-date",
    /// A number in words.
    Number = "number",
    /// "mươi".
    Tens = "tens",
    /// "phần trăm".
    PercentWord = "percent-word",
    /// "một nửa".
    Half = "half",
    /// "tỷ lệ": a percentage after it is no progress.
    Indicator = "indicator",
    /// "mới", "tính chung": the percentage after it is the one that counts.
    BetterPercent = "better-percent",
    /// "mục", "nhiệm vụ".
    Item = "item",
    /// "phần", "nhóm".
    Group = "group",
    /// "số".
    NumberSign = "number-sign",
    /// A kind of document; its value tells which.
    Paper = "paper",
    /// "theo", "căn cứ": the document after it is cited.
    Cited = "cited",
    /// "nghị định", "Bộ": documents of others.
    OthersPaper = "others-paper",
    /// "không phải … mà là": the right value follows.
    Rather = "rather",
    /// Tokens of their own, not words.
    Task = "task",
    /// A document number.
    Document = "document",
    /// Per cents as numbers.
    Percent = "percent",
    /// A date.
    Date = "date",
    /// A number in digits.
    Digits = "digits",
    /// ✅
    Check = "check",
    /// 👍
    Thumb = "thumb",
    /// A question mark.
    QuestionMark = "question-mark",
    /// Phrases that are to be read as a whole, and as nothing else.
    Idiom = "idiom",
    /// "trừ", "chỉ còn": the task behind it is left out of all that is finished.
    LeftOut = "left-out",
    /// "khối lượng", "công việc": a share is one of these.
    Measured = "measured",
    /// "UBND tỉnh": what it issues, those below have finished.
    Authority = "authority",
    /// "tới đâu rồi": asks how it stands.
    HowFar = "how-far",
    /// ❌ and ⏳: not done, or under way.
    Open = "open",
    /// "Bộ", "Chính phủ": what it has issued its addressees have not.
    CentralBody = "central-body",
    /// "kế hoạch rà soát": the name of a document that is to be read as a whole.
    Named = "named",
    /// "quý", "định kỳ": tells for which time a document is.
    Regular = "regular",
    /// "duyệt", "thông qua": agreed to, and not issued yet.
    Approve = "approve",
    /// "cảm ơn".
    Thanks = "thanks",
    /// "trân trọng": at the end of a letter.
    Regards = "regards",
    /// "à không", "ấy nhầm": what was said before is wrong, and what follows is right.
    SecondThought = "second-thought",
}

impl Role {
    /// Its class in every lexicon: roles come first, in their order.
    pub(super) const fn class(self) -> Class {
        Class(self as u8)
    }
}
