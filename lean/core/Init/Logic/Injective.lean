prelude
import Init.Logic.Choice
/-! Injectivity of constructors of types that are older than `injection`, for `simp` and `injection`. -/
set_option autoImplicit false
set_option linter.all false
gen_injective_theorems% Prod
gen_injective_theorems% PProd
gen_injective_theorems% MProd
gen_injective_theorems% Subtype
gen_injective_theorems% Sigma
gen_injective_theorems% PSigma
gen_injective_theorems% Sum
gen_injective_theorems% PSum
gen_injective_theorems% Option
gen_injective_theorems% List
gen_injective_theorems% Nat
gen_injective_theorems% Fin
gen_injective_theorems% BitVec
gen_injective_theorems% Array
gen_injective_theorems% PLift
gen_injective_theorems% ULift
gen_injective_theorems% Except
