prelude
import Init.Tactic.Conv
/-! How goals are printed: `if`, `∃`, lists, pairs and subtypes come back in the notation they were written in; the notation of subtypes. -/
set_option autoImplicit false
set_option linter.all false
syntax (name := «term{_:_//_}») "{ " withoutPosition(ident (" : " term)? " // " term) " }" : term
macro_rules
  | `({ $x:ident : $type // $p }) => `(Subtype (fun ($x:ident : $type) => $p))
  | `({ $x:ident // $p }) => `(Subtype (fun ($x:ident : _) => $p))

namespace Lean.PrettyPrinter
def fallback {α : Type} : UnexpandM α := fun _ s => .error () s
@[app_unexpander ite] def unexpandIte : Unexpander
  | `($_ $c $t $e) => `(if $c then $t else $e)
  | _ => fallback
@[app_unexpander dite] def unexpandDite : Unexpander
  | `($_ $c (fun $h:ident => $t) (fun $_:ident => $e)) => `(if $h:ident : $c then $t else $e)
  | `($_ $c (fun $h:ident => $t) (fun _ => $e)) => `(if $h:ident : $c then $t else $e)
  | _ => fallback
@[app_unexpander Exists] def unexpandExists : Unexpander
  | `($_ fun $x:ident => ∃ $xs:binderIdent*, $b) => `(∃ $x:ident $xs:binderIdent*, $b)
  | `($_ fun $x:ident => $b) => `(∃ $x:ident, $b)
  | `($_ fun ($x:ident : $t) => $b) => `(∃ $x:ident : $t, $b)
  | _ => fallback
@[app_unexpander List.nil] def unexpandNil : Unexpander
  | `($_) => `([])
@[app_unexpander List.cons] def unexpandCons : Unexpander
  | `($_ $x []) => `([$x])
  | `($_ $x [$xs,*]) => `([$x, $xs,*])
  | _ => fallback
@[app_unexpander Prod.mk] def unexpandPair : Unexpander
  | `($_ $x ($y, $ys,*)) => `(($x, $y, $ys,*))
  | `($_ $x $y) => `(($x, $y))
  | _ => fallback
@[app_unexpander Subtype] def unexpandSubtype : Unexpander
  | `($_ fun ($x:ident : $type) => $p) => `({ $x:ident : $type // $p })
  | `($_ fun $x:ident => $p) => `({ $x:ident // $p })
  | _ => fallback
end Lean.PrettyPrinter

/-! ### checking messages: `#guard_msgs in #print axioms t` -/
namespace Lean
syntax guardMsgsFilterAction := &"check" <|> &"drop" <|> &"pass"
syntax guardMsgsFilterSeverity := &"trace" <|> &"info" <|> &"warning" <|> &"error" <|> &"all"
syntax guardMsgsFilter := (guardMsgsFilterAction)? guardMsgsFilterSeverity
syntax guardMsgsWhitespaceArg := &"exact" <|> &"normalized" <|> &"lax"
syntax guardMsgsWhitespace := &"whitespace" " := " guardMsgsWhitespaceArg
syntax guardMsgsOrderingArg := &"exact" <|> &"sorted"
syntax guardMsgsOrdering := &"ordering" " := " guardMsgsOrderingArg
syntax guardMsgsSpecElt := guardMsgsFilter <|> guardMsgsWhitespace <|> guardMsgsOrdering
syntax guardMsgsSpec := "(" guardMsgsSpecElt,* ")"
syntax (name := guardMsgsCmd) (plainDocComment)? "#guard_msgs" (ppSpace guardMsgsSpec)? " in" ppLine command : command
end Lean
