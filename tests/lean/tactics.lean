/-! Every tactic and piece of notation that the core adds to Lean's elaborator, on a goal that needs it. -/
set_option linter.unusedVariables false
theorem t_trivial : True := by trivial
theorem t_conv_lhs (x : Nat) (h : x = 3) : x + 0 = 3 := by conv => lhs; rw [h]
theorem t_conv_arg (x y : Nat) (h : x = 3) : y + x = y + 3 := by conv => lhs; arg 2; rw [h]
theorem t_conv_ext (f : Nat → Nat → Nat) (h : ∀ a b, f a b = f b a) : (fun x y => f x y) = fun x y => f y x := by
  conv => lhs; ext x y; rw [h]
theorem t_conv_enter (f : Nat → Nat → Nat) (h : ∀ a b, f a b = f b a) : (fun x y => f x y) = fun x y => f y x := by
  conv => enter [1, x, y]; rw [h]
theorem t_conv_pattern (x y : Nat) (h : x + y = 2) : x + y + 1 = 3 := by conv in x + y => rw [h]
theorem t_quoted (p : Prop) (h : p) : p := ‹p›
theorem t_symm (a b : Nat) (h : a = b) : b = a := by symm; exact h
theorem t_simpa (a b : Nat) (h : a = b) : b = a := by simpa using h.symm
theorem t_rwa (a b c : Nat) (h : a = b) (h2 : b = c) : a = c := by rwa [← h] at h2
theorem t_replace (a b : Nat) (h : a + 0 = b) : a = b := by
  replace h : a = b := h
  exact h
theorem t_ac_nat (a b c : Nat) : a + b + c = c + (b + a) := by ac_rfl
theorem t_ac_int (a b c : Int) : a * b * c = c * (b * a) := by ac_rfl
def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)
theorem t_fun_induction (n : Nat) : 0 ≤ fib n := by
  fun_induction fib n
  all_goals omega
theorem t_fun_cases (n : Nat) : 0 ≤ fib n := by
  fun_cases fib n
  all_goals omega
theorem t_rcases (p q r : Prop) : p ∧ (q ∨ r) → (p ∧ q) ∨ r := by
  rintro ⟨hp, hq | hr⟩
  · exact .inl ⟨hp, hq⟩
  · exact .inr hr
theorem t_obtain (P : Nat → Prop) (h : ∃ x, P x ∧ x ≤ 3) : ∃ y, P y := by
  obtain ⟨x, hx, -⟩ := h
  exact ⟨x, hx⟩
theorem t_split (x y : Nat) (h : x = y) : (if x = y then 1 else 2) = 1 := by
  split
  · rfl
  · contradiction
theorem t_match (x : Option Nat) : (match x with | none => 0 | some y => y - y) = 0 := by
  split
  · rfl
  · exact Nat.sub_self _
theorem t_calc (x y z : Nat) (h : x + y = z) : y + x = z := by
  calc y + x = x + y := Nat.add_comm y x
    _ = z := h
theorem t_by_cases (p q : Prop) [Decidable p] (h : p → q) (h' : ¬p → q) : q := by
  by_cases hp : p
  · exact h hp
  · exact h' hp
theorem t_by_contra (p : Prop) (h : ¬¬p) : p := by
  by_contra hn
  exact h hn
theorem t_simp_all (a b : Nat) (h : a = b) (h2 : b = 3) : a = 3 := by simp_all
theorem t_injection (a b : Nat) (h : a + 1 = b + 1) : a = b := by
  injection h
theorem t_list_pattern : (fun l : List Nat => match l with | [a, b] => a + b | _ => 0) [2, 3] = 5 := by decide
theorem t_congr (f : Nat → Nat → Nat) (a b c d : Nat) (h : a = b) (h' : c = d) : f a c = f b d := by
  congr
inductive Colour where
  | red | green | blue
deriving DecidableEq
theorem t_deriving : Colour.red ≠ Colour.blue := by decide
theorem t_forall_fin : ∀ i : Fin 200, i.val < 200 := by decide +kernel
theorem t_forall_list : ∀ x ∈ [1, 2, 3], x < 4 := by decide
theorem t_forall_lt : ∀ x, x < 100 → x * x < 10000 := by decide +kernel
theorem t_ext_fun (f g : Nat → Nat) (h : ∀ x, f x = g x) : f = g := by ext x; exact h x
theorem t_ext_pair (p q : Nat × Nat) (h : p.1 = q.1) (h' : p.2 = q.2) : p = q := by ext <;> assumption
theorem t_ext_prop (a b : Prop) (h : a ↔ b) : a = b := by ext; exact h
@[ext] structure Point where
  x : Nat
  y : Int
theorem t_ext_structure (p q : Point) (h : p.x = q.x) (h' : p.y = q.y) : p = q := by ext <;> assumption
theorem t_push_cast (a b : Nat) (x : Int) (h : (a : Int) + b * a = x) : ((a + b * a : Nat) : Int) = x := by
  push_cast
  exact h
theorem t_norm_cast (a b c : Nat) (_h : a + b * a < c + 3) : (a : Int) + b * a < c + 3 := by
  norm_cast
theorem t_norm_cast_at (a b c : Nat) (h : (a : Int) ^ 2 / 3 % 7 < b * c + 3) : a ^ 2 / 3 % 7 < b * c + 3 := by
  norm_cast at h
theorem t_norm_cast_conv (a b c : Nat) (h : b + a < c) : (b : Int) + a < c := by
  conv => norm_cast
  exact h
theorem t_exact_mod_cast (a b c : Nat) (h : a + b * a = c) : (a : Int) + b * a = c := by
  exact_mod_cast h
theorem t_apply_mod_cast (a b : Nat) (f : ∀ x : Int, x ≤ b → (a : Int) ≤ b) (h : a ≤ b) : a ≤ b := by
  apply_mod_cast f a
  exact_mod_cast h
theorem t_rw_mod_cast (a b c : Nat) (h : a = b) (g : (b : Int) < c) : (a : Int) < c := by
  rw_mod_cast [h]
  exact_mod_cast g
theorem t_assumption_mod_cast (a b c : Nat) (_h : (a : Int) + b * a < c + 3) : a + b * a < c + 3 := by
  assumption_mod_cast
theorem t_guarded (p : Prop) : p ∨ ¬p := Classical.em p
/-- info: 't_guarded' depends on axioms: [propext, Classical.choice, Quot.sound] -/
#guard_msgs in #print axioms t_guarded

theorem t_calc_mixed (a b c d : Int) (h1 : a ≤ b) (h2 : b = c) (h3 : c < d) : a < d :=
  calc a ≤ b := h1
    _ = c := h2
    _ < d := h3
theorem t_calc_nat (a b c d : Nat) (h1 : a < b) (h2 : b ≤ c) (h3 : c < d) : a < d :=
  calc a < b := h1
    _ ≤ c := h2
    _ < d := h3
theorem t_trivial_both : True ∧ (1 : Nat) = 1 ∧ 2 < 3 := by trivial
theorem t_subtype (x : { n : Nat // n ≤ 3 }) : x.val < 4 := by
  have := x.property
  omega
