//! The words of the grammar, and nothing but words: which spelling is which [`Key`].
//!
//! A new wording that means the same as an old one is a line in this table; only a new *construction* touches the
//! grammar.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::numerals::numerals;
use super::text::{canonical, plain};

/// What a word, or a fixed group of words, means to the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// Units.
    Day,
    WorkingDay,
    Week,
    Month,
    Quarter,
    Year,
    WholeYear,
    HalfOf,
    Hour,
    Minute,
    /// A number in words.
    Numeral(u32),
    /// "thứ": makes ordinals and names weekdays.
    Nth,
    Sunday,
    /// Bounds.
    Before,
    After,
    Latest,
    Until,
    In,
    Within,
    From,
    Deadline,
    /// Parts of a period.
    Early,
    Middle,
    Late,
    First,
    Last,
    /// Relations between periods.
    Next,
    Adjacent,
    This,
    ReportPeriod,
    Following,
    /// Recurrence.
    Every,
    By,
    Periodic,
    Times,
    Stage,
    /// Every day: without a date, unless a window bounds it.
    Daily,
    /// It goes on, and nobody says how long.
    Open,
    /// Without a date.
    Continuous,
    When,
    OnDemand,
    Conditional,
    FollowPlan,
    Session,
    /// Glue.
    And,
    Or,
    Of,
    Plural,
    Is,
    Not,
    About,
    /// Nouns and verbs that decide what a date belongs to.
    Report,
    Review,
    Document,
    Number,
    Counted,
    Issue,
    Effect,
    Own,
    Issuer,
    Anniversary,
    Manner,
    Filler,
    AsOf,
    /// Opens a remark about another date than the deadline: "thời hạn cũ", "chốt số liệu".
    Aside,
    Finish,
    /// Takes periods out of a recurrence, or gives them a limit of their own.
    Except,
    Apart,
    /// Says for whom, or for what.
    Regards,
    /// Calendars the program does not keep.
    School,
    Foreign,
    /// Groups of words that only look like time.
    Idiom,
    /// Opens a remark that adds nothing to the deadline before it: "quá thời hạn trên …".
    Remark,
    /// The first, middle or last ten days of a month.
    Tenth(u32),
}

/// Spellings separated by `|`.
const WORDS: &[(Key, &str)] = &[
    (Key::Day, "ngày|ngày mùng|ngày mồng|mùng|mồng"),
    (Key::WorkingDay, "ngày làm việc"),
    (Key::Week, "tuần"),
    (Key::Month, "tháng"),
    (Key::Quarter, "quý"),
    (Key::Year, "năm"),
    (Key::WholeYear, "cả năm"),
    (Key::HalfOf, "nửa"),
    (Key::Hour, "giờ"),
    (Key::Minute, "phút"),
    (Key::Numeral(1), "nhất"),
    (Key::Numeral(4), "tư"),
    (Key::Nth, "thứ"),
    (Key::Sunday, "chủ nhật"),
    (Key::Before, "trước|trc"),
    (Key::After, "sau"),
    (
        Key::Latest,
        "chậm nhất|muộn nhất|trễ nhất|muộn lắm|chậm lắm|hạn chót|hạn cuối|hạn cuối cùng|không muộn hơn|không chậm hơn|không sau|không sau quá|không trễ hơn|\
         không quá|không chậm quá|không muộn quá|không vượt quá|tối đa|tối đa không quá|chậm nhất không quá",
    ),
    (
        Key::Until,
        "đến|tới|hết|đến hết|tới hết|cho đến|cho tới|cho đến hết|kéo dài đến|gia hạn đến|gia hạn tới|lùi đến|lùi tới|dời đến|kết thúc|ngày kết thúc|thời gian kết thúc|\
         thời điểm kết thúc",
    ),
    (
        Key::In,
        "trong|vào|ngay trong|suốt|xuyên suốt|trong suốt|lùi sang|dời sang|chuyển sang",
    ),
    (Key::Within, "trong vòng|trong thời hạn|trong thời gian"),
    (
        Key::From,
        "từ|ngay từ|kể từ|tính từ|bắt đầu|bắt đầu từ|bắt đầu vào|bắt đầu trong|ngày bắt đầu|thời gian bắt đầu|thời điểm bắt đầu|\
         sớm nhất|sớm nhất là|sớm nhất vào|không sớm hơn",
    ),
    (
        Key::Deadline,
        "thời hạn|hạn|thời gian|thời điểm|mốc thời gian|thời hạn cuối cùng",
    ),
    (Key::Early, "đầu"),
    (Key::Middle, "giữa"),
    (Key::Late, "cuối"),
    (Key::First, "đầu tiên"),
    (Key::Last, "cuối cùng"),
    (
        Key::Next,
        "tiếp theo|kế tiếp|tiếp|kế|liền sau|tiếp sau|sau liền kề|kế sau|tiếp theo liền kề|liền kề sau",
    ),
    (Key::Adjacent, "liền kề"),
    (Key::This, "này|nay|hiện tại"),
    (Key::ReportPeriod, "kỳ báo cáo|kỳ|thời kỳ báo cáo"),
    (
        Key::Following,
        "các năm tiếp theo|những năm tiếp theo|các năm sau|những năm sau|các năm tới|những năm tới|các năm kế tiếp|\
         những năm kế tiếp|các năm tiếp sau|năm tiếp theo và các năm sau",
    ),
    (Key::Every, "hằng|hàng|mỗi|từng"),
    (Key::By, "theo"),
    (
        Key::Filler,
        "trở đi|trở về sau|ít nhất|tối thiểu|gửi|nộp|gửi về|nhưng|cụ thể|trong đó",
    ),
    (
        Key::AsOf,
        "định hướng|tầm nhìn|sinh năm|sinh từ|sinh ngày|sinh từ ngày|sinh trước|sinh sau|sinh trong năm|định hướng đến|tầm nhìn đến|tính đến|tính tới|tính đến hết|số liệu đến|có đến",
    ),
    (
        Key::Aside,
        "số liệu chốt|chốt số liệu|số liệu được chốt|thời gian chốt số liệu|số liệu tính từ|số liệu lấy từ|kỳ số liệu|\
         thời hạn cũ|hạn cũ|thời hạn trước đây|hạn trước đây|thời hạn ban đầu|hạn ban đầu|thời hạn đã giao|\
         số liệu tính đến|số liệu tính đến hết|số liệu tính tới|tính số liệu đến|số liệu cập nhật đến|số liệu tổng hợp đến|\
         kỳ báo cáo từ|kỳ báo cáo tính từ|thời gian lấy số liệu|lấy số liệu từ|số liệu từ|kỳ lấy số liệu|mốc số liệu|\
         thời điểm chốt số liệu|thời điểm lấy số liệu|thời điểm lấy số liệu của báo cáo|thời gian lấy số liệu của báo cáo|thay cho thời hạn|thay thế thời hạn|thay vì",
    ),
    (Key::Periodic, "định kỳ|thường kỳ"),
    (Key::Times, "lần"),
    (Key::Stage, "giai đoạn|thời kỳ"),
    (
        Key::Continuous,
        "thường xuyên|liên tục|quanh năm|thường xuyên liên tục|xuyên suốt quá trình|\
         trong suốt quá trình|suốt quá trình|xuyên suốt trong quá trình",
    ),
    (Key::Daily, "hằng ngày|hàng ngày|mỗi ngày"),
    (
        Key::Open,
        "các tháng tiếp theo|các tháng sau|các tháng còn lại|những tháng tiếp theo|các quý tiếp theo|các quý sau|\
         các quý còn lại|các tuần tiếp theo|các tuần sau|các kỳ tiếp theo",
    ),
    (
        Key::When,
        "khi|sau khi|ngay sau khi|ngay khi|trước khi|ngay sau|đến khi|cho đến khi|mỗi khi|sau đó khi",
    ),
    (
        Key::OnDemand,
        "đột xuất|phát sinh|theo yêu cầu|theo đề nghị|theo vụ việc|theo từng vụ việc",
    ),
    (
        Key::Conditional,
        "nếu có|nếu cần|nếu cần thiết|nếu được giao|nếu được phân công|nếu phát sinh|nếu có phát sinh",
    ),
    (Key::FollowPlan, "theo kế hoạch|theo chương trình|theo lịch"),
    (Key::Session, "kỳ họp|phiên họp|đại hội|tết"),
    (Key::And, "và|đồng thời|cùng với|lẫn"),
    (Key::Or, "hoặc|hoặc là|hay"),
    (Key::Of, "của|thuộc"),
    (Key::Plural, "các|những|tất cả các|toàn bộ các"),
    (Key::Is, "là|được"),
    (
        Key::Issuer,
        "công tác|kèm theo|ubnd|ủy ban nhân dân|tỉnh|ubnd tỉnh|thành phố",
    ),
    (
        Key::Not,
        "không|chưa|không phải|đã hoàn thành|đã ban hành|đã thực hiện|đã xong|đã hoàn tất|đã trình|đã gửi|\
         đã nộp|đã tổ chức|đã triển khai|đã báo cáo|đã thông qua",
    ),
    (
        Key::About,
        "khoảng|khoảng chừng|xấp xỉ|dịp|kỷ niệm|dịp kỷ niệm|nhân dịp|chào mừng|nhân kỷ niệm",
    ),
    (
        Key::Report,
        "báo cáo|bc|thống kê|tổng hợp báo cáo|giao ban|họp",
    ),
    (Key::Review, "sơ kết|tổng kết"),
    (
        Key::Document,
        "kế hoạch|quyết định|nghị quyết|nghị định|thông tư|chỉ thị|công văn|tờ trình|luật|bộ luật|chương trình|đề án|\
         thông báo|kết luận|công điện|văn bản|pháp lệnh|hướng dẫn|chỉ số|dự toán|danh mục|quy chế|hiến pháp|chiến lược|\
         kh|qđ|dự thảo|phương án|thông tư liên tịch|quy hoạch|ngân sách",
    ),
    (Key::Number, "số"),
    (
        Key::Counted,
        "mức độ|mức|điều|khoản|điểm|mục|phụ lục|đợt|khóa|vòng|bước|nhóm|cấp độ|biểu|mẫu|loại|phiên bản|hạng|chương|\
         lớp|khối|khối lớp|mũi|ca|lượt|nhiệm kỳ|quận|phường|khu phố|tiêu chí|phần|mẫu số|biểu số|phụ lục số|lần thứ|tập|tổ",
    ),
    (
        Key::Issue,
        "ban hành|ký|ký ban hành|phê duyệt|xây dựng|được ban hành|được ký|được phê duyệt|lập",
    ),
    (Key::Effect, "hiệu lực|có hiệu lực"),
    (Key::Own, "cải cách hành chính|cchc"),
    (
        Key::Anniversary,
        "thi hành|triển khai|thành lập|xây dựng và phát triển|hoạt động",
    ),
    (
        Key::Manner,
        "hiệu quả|kịp thời|đồng bộ|theo quy định|theo đúng quy định|theo thẩm quyền|đầy đủ|thực hiện",
    ),
    (
        Key::Finish,
        "hoàn thành|hoàn thành xong|xong|đảm bảo|bảo đảm|đảm bảo hoàn thành|bảo đảm hoàn thành|phấn đấu|phấn đấu hoàn thành|\
         phải|phải hoàn thành|cần hoàn thành|dự kiến|cơ bản hoàn thành",
    ),
    (Key::Except, "trừ|ngoại trừ|không kể|không bao gồm"),
    (Key::Apart, "riêng|riêng đối với"),
    (Key::Regards, "đối với"),
    (Key::School, "năm học|học kỳ|niên khóa|niên học"),
    (
        Key::Foreign,
        "niên độ|âm lịch|âl|al|tháng giêng|tháng chạp|rằm",
    ),
    (
        Key::Remark,
        "không gia hạn|quá thời hạn|quá thời gian|quá thời hạn trên|quá thời gian trên|quá thời hạn này|quá hạn trên|\
         sau thời hạn trên|sau thời gian trên|sau thời hạn này|sau thời gian này|sau thời điểm trên|sau thời điểm này|\
         hết thời hạn trên|hết thời gian trên|ngoài thời hạn trên|ngoài thời gian trên",
    ),
    (Key::Tenth(1), "thượng tuần"),
    (Key::Tenth(2), "trung tuần"),
    (Key::Tenth(3), "hạ tuần"),
    (
        Key::Idiom,
        "theo dõi|đầu tư|đầu mối|đứng đầu|bước đầu|lần đầu|ban đầu|hàng đầu|đầu vào|đầu ra|đầu kỳ|trung hạn|dài hạn|ngắn hạn|\
         gia hạn|quá hạn|trễ hạn|đúng hạn|trước hạn|hết hạn|quyền hạn|hạn chế|hạn hán|hạn mức|ngày càng|trước mắt|\
         trước đây|trước hết|trước tiên|sau đó|sau này|sau đây|sau cùng|hàng hóa|ngân hàng|khách hàng|mặt hàng|bán hàng|\
         cửa hàng|hàng loạt|nhà hàng|quý vị|quý báu|tuần lễ|tuần tra|đến nay|thời gian qua|thời gian tới|\
         quảng nam|việt nam|hà nam|miền nam|quy định|quy hoạch|quy trình|quy mô|quy chuẩn|quy ước|nội quy|pháp quy|\
         trong nước|ngày hội|tháng hành động|giờ hành chính|giờ làm việc|vụ việc|nhiệm vụ|dịch vụ|nghiệp vụ|\
         công vụ|phục vụ|nội vụ|chức vụ|vụ án|hai chiều|một cửa|một số|một phần|thứ tự|thắng lợi|toàn quốc|\
         chậm tiến độ|từ xa|không dùng|không gian|không chỉ|không ngừng|không tiếp xúc|\
         chi thường xuyên|kinh phí thường xuyên|nguồn thường xuyên|ngân sách thường xuyên|ký hợp đồng|ký kết|ký cam kết|ký giao ước|sau sắp xếp|tư pháp|tư nhân|đầu tư công|thông tư số|quân sự|công tư",
    ),
];

/// "trước" as quick fingers leave it. It moves a date by a day, and no other word has these letters.
const BEFORE_MISTYPED: &[&str] = &[
    "truoc", "truo", "truooc", "truocs", "truwocs", "truowcs", "truwoc",
];

/// The longest group of words in the table.
pub(super) const LONGEST: usize = 6;

/// Types of documents as they stand in document numbers: 12/KH-SNV.
pub(super) const DOCUMENT_TYPES: &[&str] = &[
    "QĐ", "KH", "NQ", "NĐ", "TT", "TTLT", "TTr", "CT", "CTr", "CV", "BC", "TB", "HD", "PA", "ĐA",
    "CĐ", "KL", "QC", "QĐi", "UBND", "HĐND", "VPCP", "BNV", "SNV", "TTg", "CP", "TU", "TW", "ĐU",
    "L", "PL", "BB", "GM", "QH", "BTP", "STP",
];

struct Lexicon {
    exact: HashMap<String, Key>,
    /// By the spelling without diacritics: the right spelling and the key.
    plain: HashMap<String, (String, Key)>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon {
        exact: HashMap::new(),
        plain: HashMap::new(),
    };
    let written = WORDS.iter().flat_map(|(key, spellings)| {
        spellings
            .split('|')
            .map(|spelling| (*key, spelling.to_owned()))
    });
    let spelled = numerals().map(|(value, spelling)| (Key::Numeral(value), spelling));
    for (key, spelling) in written.chain(spelled) {
        let words: Vec<&str> = spelling.split_whitespace().collect();
        let right = join(&words, canonical);
        lexicon.exact.entry(right.clone()).or_insert(key);
        lexicon
            .plain
            .entry(join(&words, plain))
            .or_insert((right, key));
    }
    lexicon
});

fn join(words: &[&str], spell: fn(&str) -> String) -> String {
    let spelled: Vec<String> = words.iter().map(|word| spell(word)).collect();
    spelled.join(" ")
}

/// The key of a group of words. A single word must carry its own diacritics, because "nam", "quy", "ngay" are words
/// too. A group is recognised with wrong or missing ones, unless a word of it is another word of the table: "ngày sau
/// khi" is not "ngay sau khi". When the whole cell is `unaccented`, nothing needs diacritics.
pub(super) fn find(words: &[&str], unaccented: bool) -> Option<Key> {
    let written = join(words, canonical);
    if let Some(key) = LEXICON.exact.get(&written) {
        return Some(*key);
    }
    if words.len() == 1 && !unaccented {
        let mistyped = BEFORE_MISTYPED.contains(&plain(words[0]).as_str());
        return mistyped.then_some(Key::Before);
    }
    let (right, key) = LEXICON.plain.get(&join(words, plain))?;
    let misspelt = |(own, right): (&str, &str)| own == right || !LEXICON.exact.contains_key(own);
    let close = unaccented || written.split(' ').zip(right.split(' ')).all(misspelt);
    close.then_some(*key)
}
