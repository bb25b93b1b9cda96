import TinyVerify.Headline
/-!
# TinyVerify: the int8 semantics of a policy as theorems

`<Operator>/Spec.lean` holds computable definitions and readable claims, `<Operator>/Thm.lean` the
proofs; `Headline.lean` restates the main results. `docs/proof.md` is the way in.
-/
