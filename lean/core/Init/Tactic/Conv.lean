prelude
import Init.Tactic.More
/-! Conversion mode: the grammar of `conv` (the elaborators are Lean's own). Mirrors Lean's `Init.Conv`. -/
set_option autoImplicit false
set_option linter.all false
namespace Lean.Parser.Tactic.Conv
declare_syntax_cat conv (behavior := both)
syntax convSeq1Indented := sepByIndentSemicolon(conv)
syntax convSeqBracketed := "{" withoutPosition(sepByIndentSemicolon(conv)) "}"
syntax convSeq := convSeqBracketed <|> convSeq1Indented
syntax occsWildcard := "*"
syntax occsIndexed := num+
syntax occs := atomic(" (" &"occs") " := " (occsWildcard <|> occsIndexed) ")"
syntax (name := conv) "conv" (" at " ident)? (" in " (occs)? term)? " => " convSeq : tactic
syntax (name := skip) "skip" : conv
syntax (name := lhs) "lhs" : conv
syntax (name := rhs) "rhs" : conv
syntax (name := «fun») "fun" : conv
syntax (name := whnf) "whnf" : conv
syntax (name := zeta) "zeta" : conv
syntax (name := reduce) "reduce" : conv
syntax (name := congr) "congr" : conv
syntax argArg := "@"? "-"? num
syntax (name := arg) "arg " argArg : conv
syntax (name := ext) "ext" (ppSpace colGt binderIdent)* : conv
syntax (name := change) "change " term : conv
syntax (name := delta) "delta" (ppSpace colGt ident)+ : conv
syntax (name := unfold) "unfold" (ppSpace colGt term:max)+ : conv
syntax (name := pattern) "pattern " (occs)? term : conv
syntax (name := rewrite) "rewrite" optConfig rwRuleSeq : conv
syntax (name := simp) "simp" optConfig (discharger)? (&" only")? (" [" withoutPosition((simpStar <|> simpErase <|> simpLemma),*,?) "]")? : conv
syntax (name := dsimp) "dsimp" optConfig (discharger)? (&" only")? (" [" withoutPosition((simpErase <|> simpLemma),*,?) "]")? : conv
syntax (name := simpMatch) "simp_match" : conv
syntax (name := nestedTacticCore) "tactic'" " => " tacticSeq : conv
syntax (name := nestedTactic) "tactic" " => " tacticSeq : conv
syntax (name := nestedConv) convSeqBracketed : conv
syntax (name := paren) "(" withoutPosition(convSeq) ")" : conv
syntax (name := allGoals) "all_goals " convSeq : conv
syntax (name := anyGoals) "any_goals " convSeq : conv
syntax (name := case) "case " sepBy1((binderIdent (ppSpace colGt (ident <|> hole))*), " | ") " => " convSeq : conv
syntax (name := failIfSuccess) "fail_if_success " convSeq : conv
syntax (name := first) "first " withPosition((ppDedent(ppLine) colGe "| " convSeq)+) : conv
macro "left" : conv => `(conv| lhs)
macro "right" : conv => `(conv| rhs)
macro "rfl" : conv => `(conv| tactic => rfl)
macro "done" : conv => `(conv| tactic' => done)
macro "trace_state" : conv => `(conv| tactic' => trace_state)
macro "rw " c:optConfig s:rwRuleSeq : conv => `(conv| rewrite $c:optConfig $s)
macro "intro" xs:(ppSpace colGt binderIdent)* : conv => `(conv| ext $xs*)
syntax enterArg := binderIdent <|> argArg
syntax (name := enter) "enter" " [" withoutPosition(enterArg,+) "]" : conv
macro "try " t:convSeq : conv => `(conv| first | $t | skip)
syntax "repeat " convSeq : conv
macro_rules | `(conv| repeat $seq) => `(conv| first | (($seq); repeat $seq) | skip)
syntax (name := convTactic) "conv'" " => " convSeq : tactic
macro:1 x:conv tk:" <;> " y:conv:0 : conv => `(conv| tactic' => (conv' => $x:conv) <;> (conv' => $y:conv))
end Lean.Parser.Tactic.Conv
