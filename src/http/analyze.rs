//! `/api/v1/analyze`: the tokens of texts, to see why a search finds an article or not.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, Uri};
use fihrist_index::arabic::{Token, is_stop_word};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::json_body::{Body, json};
use super::problem::{Problem, Problems};
use crate::service::calls;
use crate::service::error::{ApiError, ParameterError};
use crate::service::params::{Kind, Param, Params};
use crate::service::state::AppState;
use crate::service::views::range::Range;

/// Maximum length of all texts of a request together, in characters. It is longer than an article;
/// the tokens take some megabytes.
const MAX_CHARS: usize = 20_000;
const MAX_TEXTS: usize = 100;

/// The tokens of several texts.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnalyzeResponse {
    /// The hash of the model that stemmed the texts: the model of the index, or the base model if
    /// there is no index.
    pub model_hash: String,
    /// The tokens of each text, in the order of the texts.
    pub texts: Vec<AnalyzedView>,
}

/// The tokens of a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnalyzedView {
    pub tokens: Vec<TokenView>,
}

/// A word as the index stores it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenView {
    /// The word as written.
    #[schema(example = "وبالمكتبات")]
    pub text: String,
    /// Its range in the text, in UTF-8 bytes.
    pub range: Range,
    /// Its position among the words, from 0. A hashtag or an address has the position of its first
    /// part.
    pub position: u32,
    /// The number of its sentence, from 0.
    pub sentence: u32,
    /// `arabic`, `abbreviation`, `other`, `number` or `whole`.
    #[schema(example = "arabic")]
    pub kind: &'static str,
    /// The folded word: without marks, and with one letter for all its spellings.
    #[schema(example = "وبالمكتبات")]
    pub surface: String,
    /// The term that preserves the spelling: the folded word and what folding removed.
    pub form: String,
    /// The stem. All forms of a word share a stem.
    #[schema(example = "مكتب")]
    pub stem: String,
    /// Whether it is a function word. Queries ignore function words.
    pub is_stop_word: bool,
}

/// Show the tokens of texts
#[utoipa::path(
    post, path = "/api/v1/analyze", operation_id = "analyze", tag = "search", 
    request_body(content = ref("#/components/schemas/AnalyzeParams"), content_type = "application/json"),
    responses(
        (status = 200, description = "The tokens, from the model of the open index.", body = AnalyzeResponse),
        (status = 413, description = "The body is too large.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not JSON.", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub async fn post(
    State(state): State<AppState>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<AnalyzeResponse>, ApiError> {
    Params::from_query(&uri, &[]).finish()?;
    let Body::One(body) = json(&headers, body)? else {
        return Err(ApiError::InvalidJson("expected an object".to_owned()));
    };
    let texts = texts_of(body)?;
    let (model_hash, analyzed) = calls::analyze(&state, texts).await?;
    let texts = analyzed.into_iter().map(|(text, tokens)| AnalyzedView {
        tokens: tokens
            .into_iter()
            .map(|token| TokenView::new(&text, token))
            .collect(),
    });
    Ok(Json(AnalyzeResponse {
        model_hash,
        texts: texts.collect(),
    }))
}

const PARAMS: &[Param] = &[
    Param::new("text", Kind::Text, ""),
    Param::new("texts", Kind::Texts, ""),
];

/// Returns the texts of a body, from its member `text` or `texts`. Fails if the members are wrong,
/// or if the texts are too many or too long.
fn texts_of(mut body: Map<String, Value>) -> Result<Vec<String>, ApiError> {
    let wrong = |name: &str, hint: String| {
        Err(ApiError::InvalidParameters(vec![ParameterError {
            item: None,
            name: name.to_owned(),
            hint,
        }]))
    };
    let [text, texts] =
        ["text", "texts"].map(|name| body.remove(name).filter(|value| !value.is_null()));
    Params::from_json(body, PARAMS).finish()?;
    let (name, texts) = match (text, texts) {
        (None, None) => return wrong("text", "give `text` or `texts`".to_owned()),
        (Some(_), Some(_)) => {
            return wrong(
                "texts",
                "give either `text` or `texts`, not both".to_owned(),
            );
        }
        (Some(text), None) => ("text", string(text).map(|text| vec![text])),
        (None, Some(texts)) => ("texts", strings(texts)),
    };
    let Some(texts) = texts else {
        let expected = if name == "text" {
            "expected a string"
        } else {
            "expected a list of strings"
        };
        return wrong(name, expected.to_owned());
    };
    if !(1..=MAX_TEXTS).contains(&texts.len()) {
        return wrong(name, format!("expected 1 to {MAX_TEXTS} texts"));
    }
    if texts.iter().map(|text| text.chars().count()).sum::<usize>() > MAX_CHARS {
        return wrong(name, format!("expected at most {MAX_CHARS} characters"));
    }
    Ok(texts)
}

fn string(value: Value) -> Option<String> {
    if let Value::String(text) = value {
        Some(text)
    } else {
        None
    }
}

fn strings(value: Value) -> Option<Vec<String>> {
    let Value::Array(values) = value else {
        return None;
    };
    values.into_iter().map(string).collect()
}

impl TokenView {
    fn new(text: &str, token: Token) -> Self {
        Self {
            text: token.span.slice(text).to_owned(),
            range: token.span.into(),
            position: token.position,
            sentence: token.sentence,
            kind: token.kind.name(),
            form: token.form(text),
            is_stop_word: is_stop_word(&token.surface),
            surface: token.surface,
            stem: token.stem,
        }
    }
}
