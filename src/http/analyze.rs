//! `/api/v1/analyze`: the tokens of texts, to see why a search finds an article or not.

use fihrist_index::arabic::{Token, is_stop_word};
use serde_json::{Map, Value};

use super::json_body::Body;
use super::problem::JsonProblems;
use super::{
    Answer, ApiError, AppState, Json, Kind, Param, Params, Problems, Result, Serialize, State,
    ToSchema, calls,
};
use crate::service::views::Range;

/// Maximum length of all texts of a request together, in characters. It is longer than an article;
/// the tokens take some megabytes.
const MAX_CHARS: usize = 20_000;
const MAX_TEXTS: usize = 100;

/// The tokens of several texts.
#[derive(Serialize, ToSchema)]
pub struct AnalyzeResponse {
    /// The hash of the model that stemmed the texts: the model of the index, or the base model if
    /// there is no index.
    pub model_hash: String,
    /// The tokens of each text, in the order of the texts.
    pub texts: Vec<AnalyzedView>,
}

/// The tokens of a text.
#[derive(Serialize, ToSchema)]
pub struct AnalyzedView {
    pub tokens: Vec<TokenView>,
}

/// A word as the index stores it.
#[derive(Serialize, ToSchema)]
pub struct TokenView {
    /// The word as written.
    #[schema(example = "وبالمكتبات")]
    pub text: String,
    /// The range of the word in the text, in UTF-8 bytes.
    pub range: Range,
    /// The position of the word in the text, from 0. A hashtag or an address has the position of
    /// its first part.
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
    /// Whether the word is a function word. Queries ignore function words.
    pub is_stop_word: bool,
}

/// Show the tokens of texts
#[utoipa::path(
    post, path = "/api/v1/analyze", operation_id = "analyze", tag = "search", 
    request_body(content = ref("#/components/schemas/AnalyzeParams"), content_type = "application/json"),
    responses(
        (status = 200, description = "The tokens, from the model of the open index.", body = AnalyzeResponse),
        JsonProblems, Problems,
    )
)]
pub async fn post(State(state): State<AppState>, body: Body) -> Answer<AnalyzeResponse> {
    let Body::One(body) = body else {
        return Err(ApiError::InvalidJson("expected an object".to_owned()));
    };
    let (model_hash, analyzed) = calls::analyze(&state, texts_of(body)?).await?;
    let texts = analyzed.into_iter().map(|(text, tokens)| {
        let view = |token: Token| TokenView {
            text: token.span.slice(&text).to_owned(),
            range: token.span.into(),
            position: token.position,
            sentence: token.sentence,
            kind: token.kind.name(),
            form: token.form(&text),
            is_stop_word: is_stop_word(token.span.slice(&text)),
            surface: token.surface,
            stem: token.stem,
        };
        AnalyzedView {
            tokens: tokens.into_iter().map(view).collect(),
        }
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
fn texts_of(mut body: Map<String, Value>) -> Result<Vec<String>> {
    let wrong = |name, hint: &str| Err(ApiError::wrong_parameter(name, hint));
    let given = ["text", "texts"].map(|name| body.remove(name).filter(|value| !value.is_null()));
    Params::from_json(body, PARAMS).finish()?;
    let (name, texts, expected) = match given {
        [None, None] => return wrong("text", "give `text` or `texts`"),
        [Some(_), Some(_)] => return wrong("texts", "give either `text` or `texts`, not both"),
        [Some(text), None] => {
            let text = serde_json::from_value(text).map(|text: String| vec![text]);
            ("text", text, "expected a string")
        }
        [None, Some(texts)] => {
            let texts = serde_json::from_value::<Vec<String>>(texts);
            ("texts", texts, "expected a list of strings")
        }
    };
    let Ok(texts) = texts else {
        return wrong(name, expected);
    };
    if !(1..=MAX_TEXTS).contains(&texts.len()) {
        return wrong(name, &format!("expected 1 to {MAX_TEXTS} texts"));
    }
    if texts.iter().map(|text| text.chars().count()).sum::<usize>() > MAX_CHARS {
        return wrong(name, &format!("expected at most {MAX_CHARS} characters"));
    }
    Ok(texts)
}
