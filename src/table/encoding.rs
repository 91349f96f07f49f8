//! Text encodings: declared, marked by a byte-order mark, or detected and said to be.

use std::borrow::Cow;
use std::io::{ErrorKind, Read};
use std::ops::Range;

use encoding_rs::{Decoder, DecoderResult, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::{Error, Kind, Result};

/// The text of a file's bytes, and a sentence where its encoding was detected by its look.
///
/// A byte-order mark decides; then the declared label; then UTF-8 if the bytes are valid UTF-8;
/// else the encoding is detected. Bytes that the encoding does not know are an error that names
/// the line: nothing is replaced.
pub fn decode<'b>(
    name: &str,
    bytes: &'b [u8],
    label: Option<&str>,
) -> Result<(Cow<'b, str>, Option<String>)> {
    if let Some(encoding) = Encoding::declared(bytes, label)? {
        let body = bytes.get(encoding.mark..).unwrap_or_default();
        return exact(name, body, encoding).map(|text| (text, None));
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains('\0')
    {
        return Ok((Cow::Borrowed(text), None));
    }
    let mut look = Look::default();
    look.feed(bytes);
    let encoding = look.encoding();
    let text = exact(name, bytes, encoding)?;
    Ok((text, (!encoding.is_utf8()).then(|| encoding.note(name))))
}

/// An encoding of text, and how it came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    named: &'static encoding_rs::Encoding,
    /// How many bytes the mark has that names it.
    mark: usize,
    assumed: bool,
}

impl Default for Encoding {
    /// UTF-8, until something speaks against it.
    fn default() -> Self {
        Self { named: UTF_8, mark: 0, assumed: true }
    }
}

impl Encoding {
    /// The encoding that the first bytes of a text name, or else its label; `None` where neither
    /// does.
    pub fn declared(first: &[u8], label: Option<&str>) -> Result<Option<Self>> {
        if first.starts_with(b"\xFF\xFE\0\0") || first.starts_with(b"\0\0\xFE\xFF") {
            let error = Error::new(Kind::Form, "a file in UTF-32 is not read");
            return Err(error.help("save it as UTF-8"));
        }
        if let Some((named, mark)) = encoding_rs::Encoding::for_bom(first) {
            return Ok(Some(Self { named, mark, assumed: false }));
        }
        let known = |label: &str| encoding_rs::Encoding::for_label_no_replacement(label.as_bytes());
        let named = |label: &str| match known(label) {
            Some(named) => Ok(Self { named, mark: 0, assumed: false }),
            None => Err(Error::usage(format!("`{label}` is not the name of an encoding"))
                .help("use a WHATWG name such as utf-8, shift_jis, gbk, windows-1252, utf-16le")),
        };
        label.map(named).transpose()
    }

    /// Whether it is UTF-8.
    pub fn is_utf8(&self) -> bool {
        self.named == UTF_8
    }

    /// Whether nothing says so yet.
    pub fn is_assumed(&self) -> bool {
        self.assumed
    }

    /// How many bytes stand before the text, to name it.
    pub fn mark(&self) -> usize {
        self.mark
    }

    /// What is said where it was detected.
    pub fn note(&self, name: &str) -> String {
        format!("{name}: encoding detected as {}; declare it to be sure", self.named.name())
    }
}

/// The look of bytes of which nobody says how they are encoded, piece by piece.
pub struct Look {
    detector: chardetng::EncodingDetector,
    /// UTF-8, as long as there are no other bytes.
    plain: Option<Decoder>,
    /// How many zero bytes stand at even places, and at odd ones.
    zeros: [usize; 2],
    length: usize,
    /// The beginning of a line.
    line: Vec<u8>,
    /// How many bytes the detector has seen.
    seen: usize,
}

/// How many bytes of lines beyond ASCII are enough to tell an encoding: a detector is slow.
const TELLING: usize = 1 << 22;

impl Default for Look {
    fn default() -> Self {
        let detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
        let plain = Some(UTF_8.new_decoder_without_bom_handling());
        Self { detector, plain, zeros: [0; 2], length: 0, line: Vec::new(), seen: 0 }
    }
}

impl Look {
    /// Takes up the next piece.
    pub fn feed(&mut self, bytes: &[u8]) {
        for at in memchr::memchr_iter(0, bytes) {
            let parity = (self.length + at) % 2;
            self.zeros.iter_mut().skip(parity).take(1).for_each(|count| *count += 1);
        }
        self.length += bytes.len();
        self.check(bytes, false);
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.seen >= TELLING {
                return;
            }
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") || self.line.len() > TELLING {
                self.tell();
            }
        }
    }

    /// Shows the detector a line, if it tells something.
    fn tell(&mut self) {
        if !self.line.is_ascii() && !self.line.contains(&0) {
            self.detector.feed(&self.line, false);
            self.seen += self.line.len();
        }
        self.line.clear();
    }

    /// Looks whether it still is UTF-8.
    fn check(&mut self, mut bytes: &[u8], last: bool) {
        let mut room = [0; 1 << 12];
        while let Some(decoder) = &mut self.plain {
            let (result, read, _) =
                decoder.decode_to_utf8_without_replacement(bytes, &mut room, last);
            bytes = bytes.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.plain = None,
            }
        }
    }

    /// The encoding by the look of all pieces.
    pub fn encoding(self) -> Encoding {
        Encoding { named: self.named(), mark: 0, assumed: false }
    }

    fn named(mut self) -> &'static encoding_rs::Encoding {
        let [even, odd] = self.zeros;
        if (even + odd) * 8 > self.length {
            return if odd > even { UTF_16LE } else { UTF_16BE };
        }
        self.check(&[], true);
        if self.plain.is_some() {
            return UTF_8;
        }
        self.tell();
        self.detector.feed(&[], true);
        self.detector.guess(None, chardetng::Utf8Detection::Deny)
    }
}

fn exact<'b>(name: &str, bytes: &'b [u8], encoding: Encoding) -> Result<Cow<'b, str>> {
    match encoding.named.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(text),
        None => {
            let mut sink = std::io::sink();
            let found = std::io::copy(&mut Decoded::new(bytes, encoding), &mut sink);
            Err(broken(name, found.err().map_or_else(String::new, |error| error.to_string())))
        }
    }
}

/// The error of a file that is not what its encoding says.
pub fn broken(name: &str, what: impl std::fmt::Display) -> Error {
    let text = format!("`{name}` is {what}");
    Error::new(Kind::Form, text).help("declare the encoding of the file")
}

/// A text of any encoding, as UTF-8, decoded as it is read.
///
/// Bytes that the encoding does not know are an error ([`ErrorKind::InvalidData`]) that names
/// the line.
pub struct Decoded<R> {
    from: R,
    encoding: Encoding,
    decoder: Decoder,
    /// Bytes that were read, and which of them are not decoded yet.
    bytes: Box<[u8]>,
    waiting: Range<usize>,
    ended: bool,
    /// Whether all of them are, to the end.
    done: bool,
    /// What was decoded, and which of it is not handed over yet.
    text: Box<[u8]>,
    ready: Range<usize>,
    /// How many line ends were decoded.
    lines: usize,
}

/// How many bytes are decoded at once.
const PIECE: usize = 1 << 16;

impl<R: Read> Decoded<R> {
    /// Decodes what a reader gives.
    pub fn new(from: R, encoding: Encoding) -> Self {
        let piece = || vec![0; PIECE].into_boxed_slice();
        Self {
            from,
            encoding,
            decoder: encoding.named.new_decoder_without_bom_handling(),
            bytes: piece(),
            waiting: 0..0,
            ended: false,
            done: false,
            text: piece(),
            ready: 0..0,
            lines: 0,
        }
    }

    /// Decodes the next piece.
    fn next(&mut self) -> std::io::Result<()> {
        if self.waiting.is_empty() && !self.ended {
            self.waiting = 0..self.from.read(&mut self.bytes)?;
            self.ended = self.waiting.is_empty();
        }
        let bytes = self.bytes.get(self.waiting.clone()).unwrap_or_default();
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(bytes, &mut self.text, self.ended);
        self.waiting.start += read;
        self.ready = 0..written;
        let text = self.text.get(..written).unwrap_or_default();
        self.lines += memchr::memchr_iter(b'\n', text).count();
        match result {
            DecoderResult::Malformed(..) => {
                let (name, line) = (self.encoding.named.name(), self.lines + 1);
                let text = format!("not {name}: line {line} has other bytes");
                Err(std::io::Error::new(ErrorKind::InvalidData, text))
            }
            DecoderResult::InputEmpty => {
                self.done = self.ended;
                Ok(())
            }
            DecoderResult::OutputFull => Ok(()),
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.ready.is_empty() {
            if self.done {
                return Ok(0);
            }
            self.next()?;
        }
        let count = self.text.get(self.ready.clone()).unwrap_or_default().read(buffer)?;
        self.ready.start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::slow::Slow;

    fn check(bytes: &[u8], label: Option<&str>, expected: &str) {
        let (text, _) = decode("x", bytes, label).expect("decodes");
        assert_eq!(text, expected);
    }

    #[test]
    fn the_encodings_of_real_catalogues_are_read() {
        let sentence = "型式,精度 ±0.005 mm,主轴";
        check("\u{FEFF}µm".as_bytes(), None, "µm");
        check("µm".as_bytes(), None, "µm");
        let utf16: Vec<u8> = "a,µm".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&utf16, None, "a,µm");
        let marked: Vec<u8> = "\u{FEFF}a,µm".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&marked, None, "a,µm");
        check(&encoding_rs::GBK.encode(sentence).0, Some("gbk"), sentence);
        let japanese = "型式,位置決め精度,ストローク";
        check(&encoding_rs::SHIFT_JIS.encode(japanese).0, Some("shift_jis"), japanese);
        check(&encoding_rs::SHIFT_JIS.encode(&japanese.repeat(9)).0, None, &japanese.repeat(9));
        check(b"\xB11 \xB5m", Some("windows-1252"), "±1 µm");
    }

    #[test]
    fn bytes_of_another_encoding_are_an_error_with_its_line() {
        let error = decode("x.csv", b"a\nb\n\xB5m", Some("utf-8")).expect_err("not UTF-8");
        assert_eq!(error.message(), "`x.csv` is not UTF-8: line 3 has other bytes");
        assert!(decode("x", b"a", Some("latin-9000")).is_err());
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(32))]

        #[test]
        fn a_text_is_decoded_bit_by_bit_as_it_is_whole(
            parts in proptest::collection::vec(0usize..12, 0..200),
            (step, broken) in (1usize..9, proptest::bool::ANY),
        ) {
            const PARTS: [&str; 12] = [
                "a,b", "\n", "\r\n", "\u{b5}m", "\u{b1}0.005", "\u{e9}", "\u{578b}\u{5f0f}", "0",
                "\"", "\u{30b9}\u{30c8}", "x y z", ";",
            ];
            let text: String = parts.iter().map(|part| PARTS[*part]).collect();
            for label in [
                "utf-8", "utf-16le", "utf-16be", "windows-1252", "shift_jis", "gbk", "big5",
            ] {
                let mut bytes: Vec<u8> = match label {
                    "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                    "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                    _ => {
                        let named = encoding_rs::Encoding::for_label(label.as_bytes());
                        named.expect("known").encode(&text).0.into_owned()
                    }
                };
                if broken {
                    bytes.push(0xFF);
                }
                let encoding = Encoding::declared(&bytes, Some(label)).expect("known").expect("it");
                let mut found = String::new();
                let slow = Slow { bytes: &bytes[encoding.mark()..], step };
                let read = Decoded::new(slow, encoding).read_to_string(&mut found);
                let whole = encoding.named.decode_without_bom_handling_and_without_replacement(
                    &bytes[encoding.mark()..]);
                match whole {
                    Some(whole) => {
                        proptest::prop_assert!(read.is_ok(), "{label}");
                        proptest::prop_assert_eq!(found, whole, "{}", label);
                    }
                    None => {
                        let error = read.expect_err("broken").to_string();
                        let line = format!("line {} ", text.matches('\n').count() + 1);
                        proptest::prop_assert!(error.contains(&line), "{label}: {error}");
                    }
                }
                // Its look does not depend on the pieces either.
                let (mut one, mut many) = (Look::default(), Look::default());
                one.feed(&bytes);
                bytes.chunks(step).for_each(|piece| many.feed(piece));
                proptest::prop_assert_eq!(one.encoding(), many.encoding());
            }
        }
    }
}
