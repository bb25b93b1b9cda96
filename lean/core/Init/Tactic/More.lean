prelude
import Init.Logic.Bool
import Init.Nat.Elim
/-! Tactics beyond the basic ones: their grammar (the elaborators are Lean's own) and those that are macros. -/
set_option autoImplicit false
set_option linter.all false
namespace Lean.Parser.Tactic
syntax (name := simpa) "simpa" optConfig (discharger)? (&" only")?
  (" [" withoutPosition((simpStar <|> simpErase <|> simpLemma),*,?) "]")? (" using " term)? : tactic
syntax (name := rename) "rename " term " => " ident : tactic
syntax (name := injections) "injections" (ppSpace colGt (ident <|> hole))* : tactic
syntax (name := congr) "congr" (ppSpace num)? : tactic
syntax (name := symm) "symm" (location)? : tactic
syntax (name := failIfSuccess) "fail_if_success " tacticSeq : tactic
syntax (name := withReducibleAndInstances) "with_reducible_and_instances " tacticSeq : tactic
syntax (name := withUnfoldingAll) "with_unfolding_all " tacticSeq : tactic
syntax (name := falseOrByContra) "false_or_by_contra" : tactic
syntax (name := showTerm) "show_term " tacticSeq : tactic
syntax (name := classical) "classical" ppDedent(tacticSeq) : tactic
syntax (name := exposeNames) "expose_names" : tactic
syntax (name := substEqs) "subst_eqs" : tactic
syntax (name := sleep) "sleep " num : tactic
syntax (name := replace) "replace" letDecl : tactic
syntax simpTraceArgsRest := optConfig (discharger)? (&" only")? (" [" withoutPosition((simpStar <|> simpErase <|> simpLemma),*,?) "]")? (location)?
syntax (name := simpTrace) "simp?" "!"? simpTraceArgsRest : tactic
syntax (name := funInduction) "fun_induction " term (" generalizing" (ppSpace colGt term:max)+)? (inductionAlts)? : tactic
syntax (name := funCases) "fun_cases " term (inductionAlts)? : tactic
macro "rwa " rws:rwRuleSeq loc:(location)? : tactic => `(tactic| (rw $rws:rwRuleSeq $(loc)?; assumption))
macro "infer_instance" : tactic => `(tactic| exact inferInstance)
macro "nofun" : tactic => `(tactic| exact nofun)
macro "nomatch " es:term,+ : tactic => `(tactic| exact nomatch $es:term,*)
macro "absurd " h:term : tactic => `(tactic| refine absurd ?_ $h)
macro "split_ands" : tactic => `(tactic| repeat refine And.intro ?_ ?_)
macro "by_contra " h:ident : tactic => `(tactic| refine Classical.byContradiction (fun $h:ident => ?_))
macro "subst_eq " h:ident : tactic => `(tactic| subst $h:ident)
macro "admit" : tactic => `(tactic| exact sorry)
macro "stop" tacticSeq : tactic => `(tactic| sorry)
end Lean.Parser.Tactic
attribute [refl] Iff.refl
attribute [symm] Eq.symm Iff.symm Ne.symm HEq.symm
macro "‹" type:term "›" : term => `((by assumption : $type))
