//! The files of a message: a document, or a photo in its largest size. Other media are no evidence.

use serde_json::Value;

use crate::channels::file_name::file_name;
use crate::domain::inbound::File;

/// How long the name of an album may be.
const LONGEST_ALBUM: usize = 64;

/// The files of a message, each with the album that it is a part of.
pub(super) fn of(message: &Value) -> Vec<File> {
    let album = message["media_group_id"].as_str();
    let known = album.filter(|album| album.len() <= LONGEST_ALBUM);
    let in_album = |file| File {
        album: known.map(str::to_owned),
        ..file
    };
    // A moving picture carries a copy of itself as a document, for old clients.
    let document = message["animation"]
        .is_null()
        .then(|| document(&message["document"]))
        .flatten();
    document
        .or_else(|| photo(&message["photo"]))
        .into_iter()
        .map(in_album)
        .collect()
}

fn document(document: &Value) -> Option<File> {
    Some(File {
        id: id(document)?,
        name: document["file_name"].as_str().and_then(file_name),
        media_type: document["mime_type"]
            .as_str()
            .filter(|kind| kind.len() <= 100 && kind.bytes().all(|b| b.is_ascii_graphic()))
            .map(str::to_owned),
        size: document["file_size"].as_u64(),
        sha256: None,
        album: None,
    })
}

/// Telegram keeps a photo in several sizes, all of them JPEG.
fn photo(sizes: &Value) -> Option<File> {
    let area = |size: &&Value| {
        let side = |key: &str| size[key].as_u64().unwrap_or_default();
        side("width").saturating_mul(side("height"))
    };
    let largest = sizes.as_array()?.iter().max_by_key(area)?;
    Some(File {
        id: id(largest)?,
        name: None,
        media_type: Some("image/jpeg".to_owned()),
        size: largest["file_size"].as_u64(),
        sha256: None,
        album: None,
    })
}

fn id(file: &Value) -> Option<String> {
    let id = file["file_id"].as_str().filter(|id| !id.is_empty())?;
    Some(id.to_owned())
}
