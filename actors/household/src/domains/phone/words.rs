//! What callers are told, in the household's language. `{}`: what is filled in.

use lares_config::Recording;
use lares_model::by_language;

pub struct Words {
    pub hello: &'static str,
    pub recorded: &'static str,
    pub written: &'static str,
    pub agree: &'static str,
    pub who: &'static str,
    pub leave: &'static str,
    pub thanks: &'static str,
    pub seek: &'static str,
    pub nobody: &'static str,
    pub connect: &'static str,
    pub call_back: &'static str,
    pub other_number: &'static str,
    pub give_number: &'static str,
    pub nothing_kept: &'static str,
    pub bye: &'static str,
    pub door: &'static str,
}

const EN: Words = Words {
    hello: "Hello, this is the telephone of {}.",
    recorded: "What you say is recorded.",
    written: "What you say is written down.",
    agree: "If what you say may be recorded, press 1.",
    who: "Please say who you are, and why you call.",
    leave: "Please leave a message after the tone.",
    thanks: "Thank you.",
    seek: "I am looking for somebody. Please hold the line.",
    nobody: "Nobody can come to the telephone now.",
    connect: "I connect you.",
    call_back: "We will call you back at {}.",
    other_number: "To give another number, press 1.",
    give_number: "Please enter the number to call you back at, and then the hash key.",
    nothing_kept: "Nothing is recorded.",
    bye: "Goodbye.",
    door: "Please wait a moment.",
};

const DE: Words = Words {
    hello: "Guten Tag, hier ist das Telefon von {}.",
    recorded: "Was Sie sagen, wird aufgezeichnet.",
    written: "Was Sie sagen, wird aufgeschrieben.",
    agree: "Wenn aufgezeichnet werden darf, was Sie sagen, drücken Sie die 1.",
    who: "Bitte sagen Sie, wer Sie sind und warum Sie anrufen.",
    leave: "Bitte sprechen Sie nach dem Ton.",
    thanks: "Danke.",
    seek: "Ich suche jemanden. Bitte bleiben Sie am Apparat.",
    nobody: "Es kann gerade niemand ans Telefon kommen.",
    connect: "Ich verbinde.",
    call_back: "Wir rufen Sie zurück unter {}.",
    other_number: "Für eine andere Nummer drücken Sie die 1.",
    give_number: "Bitte geben Sie die Nummer für den Rückruf ein, und dann die Raute.",
    nothing_kept: "Es wird nichts aufgezeichnet.",
    bye: "Auf Wiederhören.",
    door: "Bitte warten Sie einen Augenblick.",
};

const ES: Words = Words {
    hello: "Hola, este es el teléfono de {}.",
    recorded: "Lo que diga será grabado.",
    written: "Lo que diga será anotado.",
    agree: "Si lo que diga puede ser grabado, pulse 1.",
    who: "Por favor, diga quién es y por qué llama.",
    leave: "Por favor, deje un mensaje después de la señal.",
    thanks: "Gracias.",
    seek: "Estoy buscando a alguien. Por favor, espere.",
    nobody: "Nadie puede ponerse al teléfono ahora.",
    connect: "Le paso.",
    call_back: "Le llamaremos al {}.",
    other_number: "Para dar otro número, pulse 1.",
    give_number: "Por favor, marque el número al que llamarle y después la almohadilla.",
    nothing_kept: "No se graba nada.",
    bye: "Adiós.",
    door: "Espere un momento, por favor.",
};

const FR: Words = Words {
    hello: "Bonjour, vous êtes chez {}.",
    recorded: "Ce que vous dites est enregistré.",
    written: "Ce que vous dites est noté.",
    agree: "Si ce que vous dites peut être enregistré, tapez 1.",
    who: "Dites qui vous êtes et pourquoi vous appelez.",
    leave: "Veuillez laisser un message après le bip.",
    thanks: "Merci.",
    seek: "Je cherche quelqu'un. Veuillez patienter.",
    nobody: "Personne ne peut venir au téléphone.",
    connect: "Je vous mets en relation.",
    call_back: "Nous vous rappellerons au {}.",
    other_number: "Pour donner un autre numéro, tapez 1.",
    give_number: "Tapez le numéro auquel vous rappeler, puis dièse.",
    nothing_kept: "Rien n'est enregistré.",
    bye: "Au revoir.",
    door: "Un instant, s'il vous plaît.",
};

const NL: Words = Words {
    hello: "Hallo, dit is de telefoon van {}.",
    recorded: "Wat u zegt wordt opgenomen.",
    written: "Wat u zegt wordt opgeschreven.",
    agree: "Als wat u zegt mag worden opgenomen, toets 1.",
    who: "Zeg alstublieft wie u bent en waarom u belt.",
    leave: "Spreek een bericht in na de toon.",
    thanks: "Dank u.",
    seek: "Ik zoek iemand. Blijft u aan de lijn.",
    nobody: "Er kan nu niemand aan de telefoon komen.",
    connect: "Ik verbind u door.",
    call_back: "Wij bellen u terug op {}.",
    other_number: "Voor een ander nummer, toets 1.",
    give_number: "Toets het nummer waarop wij u terugbellen, en dan het hekje.",
    nothing_kept: "Er wordt niets opgenomen.",
    bye: "Tot ziens.",
    door: "Een ogenblik alstublieft.",
};

impl Words {
    pub fn of(language: &str) -> &'static Self {
        by_language(language, [&EN, &DE, &ES, &FR, &NL])
    }

    /// What becomes of a caller's words.
    pub fn notice(&self, recording: Recording) -> &'static str {
        match recording {
            Recording::Notice => self.recorded,
            Recording::Consent => self.agree,
            Recording::Text => self.written,
        }
    }
}

/// A number digit by digit, to be understood.
pub fn spelled(number: &str) -> String {
    let digits = number.chars().filter(char::is_ascii_digit).map(String::from);
    digits.collect::<Vec<_>>().join(" ")
}
