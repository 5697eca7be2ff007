//! Money.

use super::NodeKind;
use super::describe::{KindDescriptor, Prop, Sensitivity, choice, number, text, when};

const fn money(prop: Prop) -> Prop {
    prop.of(Sensitivity::Money)
}

pub(super) const KINDS: &[KindDescriptor] = &[
    KindDescriptor {
        kind: NodeKind::Account,
        version: 1,
        says: "an account as a journal of money names it: assets:bank",
        sentence: "{name}",
        schema_org: Some("BankAccount"),
        props: &[
            money(text("account", "its name in a journal: expenses:food")),
            money(text("iban", "its number at the bank")),
            money(text("currency", "EUR, or what is counted: kg flour")),
            money(choice(
                "account_type",
                &["asset", "liability", "equity", "revenue", "expense"],
                "of what sort",
            )),
        ],
    },
    KindDescriptor {
        kind: NodeKind::Transaction,
        version: 1,
        says: "money or goods that went from account to account",
        sentence: "{name}[ on {at}]",
        schema_org: Some("MoneyTransfer"),
        props: &[
            money(when("at", "when it happened")).required(),
            money(choice("mark", &["pending", "cleared"], "whether the bank has it too")),
            money(text("code", "a cheque's or an order's number")),
            money(text("payee", "who it went to or came from")),
            money(text("postings", "a line for each: account, two blanks, amount and currency")).required(),
        ],
    },
    KindDescriptor {
        kind: NodeKind::Budget,
        version: 1,
        says: "how much may be spent on something",
        sentence: "{name}[: {amount} {currency}]",
        schema_org: None,
        props: &[
            money(number("amount", "", "of what it is about")),
            money(text("currency", "EUR, or what is counted: kg flour")),
            money(text("account", "its name in a journal: expenses:food")),
            money(choice("period", &["week", "month", "year", "once"], "for how long it is meant")),
        ],
    },
];
