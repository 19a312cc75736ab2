//! The charsets of Vietnam from before Unicode that the web never took up, and so `encoding_rs` does not know: VISCII
//! (RFC 1456) and TCVN 5712:1993, VN1, which contains the TCVN3 of the ABC fonts.

/// A charset of one byte per letter.
#[derive(Debug)]
pub(super) struct Legacy {
    /// Bytes 0x80 to 0xFF, in order.
    upper: &'static str,
    /// Letters among the control characters.
    control: &'static [(u8, char)],
}

const VISCII: Legacy = Legacy {
    upper: "\
     ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐ\
     ỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ\
     Õắằặấầẩậẽẹếềểễệố\
     ồổỗỠƠộờởịỰỨỪỬơớƯ\
     ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ\
     ĐứÒÓÔạỷừửÙÚỹỵÝỡư\
     àáâãảăữẫèéêẻìíĩỉ\
     đựòóôõỏọụùúũủýợỮ",
    control: &[
        (0x02, 'Ẳ'),
        (0x05, 'Ẵ'),
        (0x06, 'Ẫ'),
        (0x14, 'Ỷ'),
        (0x19, 'Ỹ'),
        (0x1e, 'Ỵ'),
    ],
};

const TCVN: Legacy = Legacy {
    upper: "\
     ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨ\
     ÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\
     \u{a0}ĂÂÊÔƠƯĐăâêôơưđẰ\
     \u{300}\u{309}\u{303}\u{301}\u{323}àảãáạẲằẳẵắẴ\
     ẮẦẨẪẤỀặầẩẫấậèỂẻẽ\
     éẹềểễếệìỉỄẾỒĩíịò\
     Ổỏõóọồổỗốộờởỡớợù\
     ỖủũúụừửữứựỳỷỹýỵỐ",
    control: &[
        (0x01, 'Ú'),
        (0x02, 'Ụ'),
        (0x04, 'Ừ'),
        (0x05, 'Ử'),
        (0x06, 'Ữ'),
        (0x11, 'Ứ'),
        (0x12, 'Ự'),
        (0x13, 'Ỳ'),
        (0x14, 'Ỷ'),
        (0x15, 'Ỹ'),
        (0x16, 'Ý'),
        (0x17, 'Ỵ'),
    ],
};

/// The charset of that label.
pub(super) fn find(label: &str) -> Option<&'static Legacy> {
    let label: String = label
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    match label.as_str() {
        "viscii" | "viscii111" | "csviscii" | "xvietviscii" => Some(&VISCII),
        "tcvn" | "tcvn3" | "tcvn5712" | "tcvn57121" | "tcvn571211993" | "xviettcvn"
        | "xviettcvn3" | "xviettcvn5712" | "xtcvn3" => Some(&TCVN),
        _ => None,
    }
}

impl Legacy {
    /// The text; every byte stands for a character.
    pub(super) fn decode(&self, bytes: &[u8]) -> String {
        let upper: Vec<char> = self.upper.chars().collect();
        bytes
            .iter()
            .map(|byte| match byte {
                0x80.. => upper[usize::from(byte - 0x80)],
                _ => self
                    .control
                    .iter()
                    .find(|(control, _)| control == byte)
                    .map_or(char::from(*byte), |(_, letter)| *letter),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_charsets_have_a_character_for_every_byte() {
        for charset in [&VISCII, &TCVN] {
            assert_eq!(charset.upper.chars().count(), 128);
        }
    }

    #[test]
    fn a_sentence_is_read_in_both() {
        let viscii = find("VISCII").unwrap();
        // "đã xong" and "Kế hoạch", as RFC 1456 writes them.
        assert_eq!(viscii.decode(b"\xf0\xe3 xong"), "đã xong");
        assert_eq!(viscii.decode(b"K\xaa ho\xd5ch"), "Kế hoạch");
        let tcvn = find("x-viet-tcvn").unwrap();
        assert_eq!(tcvn.decode(b"\xae\xb7 xong"), "đã xong");
        assert_eq!(tcvn.decode(b"K\xd5 ho\xb9ch"), "Kế hoạch");
    }

    #[test]
    fn other_labels_are_not_theirs() {
        for label in ["utf-8", "windows-1258", "vni", ""] {
            assert!(find(label).is_none(), "{label}");
        }
    }
}
