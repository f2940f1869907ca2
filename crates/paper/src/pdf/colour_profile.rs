//! A colour profile of sRGB (ICC version 2, 2.6 kB), built from the published numbers.
#![expect(clippy::float_arithmetic, reason = "a transfer curve; exact operations only")]

use std::sync::LazyLock;

const CURVE_POINTS: u16 = 1024;
/// White and primaries adapted to D50, as 16.16 fixed point.
const WHITE: [u32; 3] = [0xf6d6, 0x1_0000, 0xd32d];
const RED: [u32; 3] = [0x6fa2, 0x38f5, 0x0390];
const GREEN: [u32; 3] = [0x6299, 0xb785, 0x18da];
const BLUE: [u32; 3] = [0x24a0, 0x0f84, 0xb6cf];

/// The profile's bytes, built once.
pub(crate) fn srgb() -> Vec<u8> {
    static BYTES: LazyLock<Vec<u8>> = LazyLock::new(build);
    BYTES.clone()
}

fn build() -> Vec<u8> {
    let bodies = [
        (vec![*b"desc"], description()),
        (vec![*b"cprt"], [b"text\0\0\0\0".as_slice(), b"No copyright, use freely\0\0\0\0"].concat()),
        (vec![*b"wtpt"], xyz(WHITE)),
        (vec![*b"rXYZ"], xyz(RED)),
        (vec![*b"gXYZ"], xyz(GREEN)),
        (vec![*b"bXYZ"], xyz(BLUE)),
        (vec![*b"rTRC", *b"gTRC", *b"bTRC"], curve()),
    ];
    let count: u32 = bodies.iter().fold(0, |count, (tags, _)| count + size(tags));
    let mut at = 128 + 4 + 12 * count;
    let mut table = count.to_be_bytes().to_vec();
    let mut data = Vec::new();
    for (tags, body) in bodies {
        for tag in tags {
            table.extend(tag);
            table.extend(at.to_be_bytes());
            table.extend(size(&body).to_be_bytes());
        }
        at += size(&body);
        data.extend(body);
    }
    [header(at), table, data].concat()
}

fn size<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}

fn header(size: u32) -> Vec<u8> {
    let mut header = size.to_be_bytes().to_vec();
    header.extend([0, 0, 0, 0, 2, 0x10, 0, 0]);
    header.extend(b"mntrRGB XYZ ");
    header.extend([2026_u16, 1, 1, 0, 0, 0].iter().flat_map(|part| part.to_be_bytes()));
    header.extend(b"acsp");
    header.resize(68, 0);
    header.extend(WHITE.iter().flat_map(|part| part.to_be_bytes()));
    header.resize(128, 0);
    header
}

fn description() -> Vec<u8> {
    let mut body = b"desc\0\0\0\0\0\0\0\x05sRGB\0".to_vec();
    body.resize(body.len() + 4 + 4 + 2 + 1 + 67, 0);
    body.resize(body.len().next_multiple_of(4), 0);
    body
}

fn xyz(values: [u32; 3]) -> Vec<u8> {
    let mut body = b"XYZ \0\0\0\0".to_vec();
    body.extend(values.iter().flat_map(|value| value.to_be_bytes()));
    body
}

/// The transfer curve, from code value to light.
fn curve() -> Vec<u8> {
    let mut body = b"curv\0\0\0\0".to_vec();
    body.extend(u32::from(CURVE_POINTS).to_be_bytes());
    for point in 0..CURVE_POINTS {
        let light = light(f64::from(point) / f64::from(CURVE_POINTS - 1));
        body.extend(nearest(light * 65535.0).to_be_bytes());
    }
    body
}

fn light(value: f64) -> f64 {
    if value <= 0.04045 {
        return value / 12.92;
    }
    let base = (value + 0.055) / 1.055;
    base * base * fifth_root(base * base)
}

/// x^2.4 is x² times the fifth root of x²; by Newton's method, because the power function of a
/// system's library may differ in the last bit, and then the file would.
fn fifth_root(value: f64) -> f64 {
    let mut root = 1.0;
    for _ in 0..60 {
        let fourth = root * root * root * root;
        root = (4.0 * root + value / fourth) / 5.0;
    }
    root
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 65535")]
fn nearest(value: f64) -> u16 {
    (value + 0.5) as u16
}
