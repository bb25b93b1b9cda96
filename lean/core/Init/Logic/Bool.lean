prelude
import Init.Logic.Simp
/-! Booleans: truth tables, `decide`, `==` and its lawfulness. Mirrors Lean's `Init.Core`/`SimpLemmas`/`Data.Bool`. -/
set_option autoImplicit false
set_option linter.all false
universe u v

@[inline] def bne {α : Type u} [BEq α] (a b : α) : Bool := !(a == b)
infix:50 " != " => bne
macro_rules | `($x != $y) => `(binrel_no_prop% bne $x $y)

@[simp] theorem Bool.true_and (b : Bool) : (true && b) = b := rfl
@[simp] theorem Bool.false_and (b : Bool) : (false && b) = false := rfl
@[simp] theorem Bool.and_true (b : Bool) : (b && true) = b := by cases b <;> rfl
@[simp] theorem Bool.and_false (b : Bool) : (b && false) = false := by cases b <;> rfl
@[simp] theorem Bool.true_or (b : Bool) : (true || b) = true := rfl
@[simp] theorem Bool.false_or (b : Bool) : (false || b) = b := rfl
@[simp] theorem Bool.or_true (b : Bool) : (b || true) = true := by cases b <;> rfl
@[simp] theorem Bool.or_false (b : Bool) : (b || false) = b := by cases b <;> rfl
@[simp] theorem Bool.and_self (b : Bool) : (b && b) = b := by cases b <;> rfl
@[simp] theorem Bool.or_self (b : Bool) : (b || b) = b := by cases b <;> rfl
@[simp] theorem Bool.not_true : (!true) = false := rfl
@[simp] theorem Bool.not_false : (!false) = true := rfl
@[simp] theorem Bool.not_not (b : Bool) : (!!b) = b := by cases b <;> rfl
@[simp] theorem Bool.not_eq_true (b : Bool) : (¬(b = true)) = (b = false) := by cases b <;> simp
@[simp] theorem Bool.not_eq_false (b : Bool) : (¬(b = false)) = (b = true) := by cases b <;> simp
@[simp] theorem Bool.not_eq_true' (b : Bool) : ((!b) = true) = (b = false) := by cases b <;> simp
@[simp] theorem Bool.not_eq_false' (b : Bool) : ((!b) = false) = (b = true) := by cases b <;> simp
@[simp] theorem Bool.and_eq_true (a b : Bool) : ((a && b) = true) = (a = true ∧ b = true) := by cases a <;> cases b <;> simp
@[simp] theorem Bool.or_eq_true (a b : Bool) : ((a || b) = true) = (a = true ∨ b = true) := by cases a <;> cases b <;> simp
theorem Bool.and_eq_true_iff {a b : Bool} : (a && b) = true ↔ a = true ∧ b = true := iff_of_eq (Bool.and_eq_true a b)
theorem Bool.or_eq_true_iff {a b : Bool} : (a || b) = true ↔ a = true ∨ b = true := iff_of_eq (Bool.or_eq_true a b)
@[simp] theorem Bool.and_eq_false_iff {a b : Bool} : (a && b) = false ↔ a = false ∨ b = false := by cases a <;> cases b <;> simp
@[simp] theorem Bool.or_eq_false_iff {a b : Bool} : (a || b) = false ↔ a = false ∧ b = false := by cases a <;> cases b <;> simp
theorem Bool.and_comm (a b : Bool) : (a && b) = (b && a) := by cases a <;> cases b <;> rfl
theorem Bool.or_comm (a b : Bool) : (a || b) = (b || a) := by cases a <;> cases b <;> rfl
theorem Bool.and_assoc (a b c : Bool) : (a && b && c) = (a && (b && c)) := by cases a <;> rfl
theorem Bool.or_assoc (a b c : Bool) : (a || b || c) = (a || (b || c)) := by cases a <;> rfl
theorem Bool.not_and (a b : Bool) : (!(a && b)) = (!a || !b) := by cases a <;> rfl
theorem Bool.not_or (a b : Bool) : (!(a || b)) = (!a && !b) := by cases a <;> rfl
theorem Bool.eq_iff_iff {a b : Bool} : a = b ↔ (a = true ↔ b = true) := by cases a <;> cases b <;> simp
theorem Bool.eq_false_iff {b : Bool} : b = false ↔ b ≠ true := by cases b <;> simp
theorem Bool.eq_false_of_not_eq_true {b : Bool} (h : ¬b = true) : b = false := Bool.of_not_eq_true h
theorem Bool.eq_true_of_not_eq_false {b : Bool} (h : ¬b = false) : b = true := by cases b with | false => exact absurd rfl h | true => rfl
theorem Bool.of_not_eq_false {b : Bool} (h : ¬b = false) : b = true := eq_true_of_not_eq_false h
theorem Bool.false_ne_true : false ≠ true := Bool.noConfusion
theorem Bool.true_ne_false : true ≠ false := Bool.noConfusion
theorem ne_true_of_eq_false {b : Bool} (h : b = false) : b ≠ true := fun e => Bool.noConfusion (h.symm.trans e)
theorem ne_false_of_eq_true {b : Bool} (h : b = true) : b ≠ false := fun e => Bool.noConfusion (h.symm.trans e)
theorem eq_false_of_ne_true {b : Bool} (h : b ≠ true) : b = false := Bool.of_not_eq_true h
theorem eq_true_of_ne_false {b : Bool} (h : b ≠ false) : b = true := Bool.eq_true_of_not_eq_false h
@[simp] theorem false_eq_true : (false = true) = False := eq_false Bool.noConfusion
@[simp] theorem true_eq_false : (true = false) = False := eq_false Bool.noConfusion
@[simp] theorem Bool.false_eq_true : (false = true) = False := _root_.false_eq_true
@[simp] theorem Bool.true_eq_false : (true = false) = False := _root_.true_eq_false
def Bool.toNat (b : Bool) : Nat := cond b 1 0
@[simp] theorem Bool.toNat_true : true.toNat = 1 := rfl
@[simp] theorem Bool.toNat_false : false.toNat = 0 := rfl
@[simp] theorem cond_true {α : Sort u} (a b : α) : cond true a b = a := rfl
@[simp] theorem cond_false {α : Sort u} (a b : α) : cond false a b = b := rfl
theorem Bool.cond_decide {α : Type u} (p : Prop) [Decidable p] (t e : α) : cond (decide p) t e = if p then t else e := by
  by_cases h : p
  · rw [if_pos h, decide_eq_true h]; rfl
  · rw [if_neg h, decide_eq_false h]; rfl
theorem cond_eq_ite {α : Type u} (c : Bool) (t e : α) : cond c t e = if c = true then t else e := by cases c <;> rfl

/-! ### decide -/
@[simp] theorem decide_eq_true_eq {p : Prop} [Decidable p] : (decide p = true) = p := propext ⟨of_decide_eq_true, decide_eq_true⟩
theorem decide_eq_true_iff {p : Prop} [Decidable p] : decide p = true ↔ p := ⟨of_decide_eq_true, decide_eq_true⟩
@[simp] theorem decide_eq_false_iff_not {p : Prop} [Decidable p] : decide p = false ↔ ¬p := ⟨of_decide_eq_false, decide_eq_false⟩
@[simp] theorem decide_not {p : Prop} [g : Decidable p] [h : Decidable (¬p)] : decide (¬p) = !decide p := by
  by_cases hp : p
  · rw [decide_eq_true hp, decide_eq_false (not_not_intro hp)]; rfl
  · rw [decide_eq_false hp, decide_eq_true hp]; rfl
@[simp] theorem decide_true {h : Decidable True} : @decide True h = true := decide_eq_true trivial
@[simp] theorem decide_false {h : Decidable False} : @decide False h = false := decide_eq_false id
theorem decide_and {p q : Prop} [dpq : Decidable (p ∧ q)] [dp : Decidable p] [dq : Decidable q] :
    decide (p ∧ q) = (decide p && decide q) := Bool.eq_iff_iff.mpr (by simp)
theorem decide_or {p q : Prop} [dpq : Decidable (p ∨ q)] [dp : Decidable p] [dq : Decidable q] :
    decide (p ∨ q) = (decide p || decide q) := Bool.eq_iff_iff.mpr (by simp)
@[simp] theorem Bool.decide_and (p q : Prop) [dpq : Decidable (p ∧ q)] [dp : Decidable p] [dq : Decidable q] :
    decide (p ∧ q) = (decide p && decide q) := _root_.decide_and
@[simp] theorem Bool.decide_or (p q : Prop) [dpq : Decidable (p ∨ q)] [dp : Decidable p] [dq : Decidable q] :
    decide (p ∨ q) = (decide p || decide q) := _root_.decide_or
@[simp] theorem Bool.decide_eq_true {b : Bool} [Decidable (b = true)] : decide (b = true) = b := Bool.eq_iff_iff.mpr (by simp)
@[simp] theorem Bool.decide_coe (b : Bool) [Decidable (b = true)] : decide (b = true) = b := Bool.decide_eq_true
theorem decide_congr {p q : Prop} [Decidable p] [Decidable q] (h : p ↔ q) : decide p = decide q := Bool.eq_iff_iff.mpr (by simp [h])
instance instDecidableIff {p q : Prop} [dp : Decidable p] [dq : Decidable q] : Decidable (p ↔ q) :=
  match dp, dq with
  | isTrue hp, isTrue hq => isTrue (iff_of_true hp hq)
  | isFalse hp, isFalse hq => isTrue (iff_of_false hp hq)
  | isTrue hp, isFalse hq => isFalse (fun h => hq (h.mp hp))
  | isFalse hp, isTrue hq => isFalse (fun h => hp (h.mpr hq))
instance instDecidableIte {c t e : Prop} [dc : Decidable c] [dt : Decidable t] [de : Decidable e] : Decidable (if c then t else e) :=
  match dc with
  | isTrue _ => dt
  | isFalse _ => de
@[inline] def decidable_of_iff {b : Prop} (a : Prop) (h : a ↔ b) [Decidable a] : Decidable b :=
  if ha : a then isTrue (h.mp ha) else isFalse (fun hb => ha (h.mpr hb))
@[inline] def decidable_of_decidable_of_iff {p q : Prop} [Decidable p] (h : p ↔ q) : Decidable q := decidable_of_iff p h

/-! ### lawful equality tests -/
class ReflBEq (α : Type u) [BEq α] : Prop where
  protected rfl : ∀ {a : α}, (a == a) = true
class LawfulBEq (α : Type u) [BEq α] : Prop extends ReflBEq α where
  eq_of_beq : ∀ {a b : α}, (a == b) = true → a = b
export LawfulBEq (eq_of_beq)
@[simp] theorem BEq.rfl {α : Type u} [BEq α] [ReflBEq α] {a : α} : (a == a) = true := ReflBEq.rfl
@[simp] theorem beq_self_eq_true {α : Type u} [BEq α] [ReflBEq α] (a : α) : (a == a) = true := ReflBEq.rfl
@[simp] theorem beq_iff_eq {α : Type u} [BEq α] [LawfulBEq α] {a b : α} : (a == b) = true ↔ a = b := ⟨eq_of_beq, fun h => h ▸ BEq.rfl⟩
@[simp] theorem beq_eq_false_iff_ne {α : Type u} [BEq α] [LawfulBEq α] {a b : α} : (a == b) = false ↔ a ≠ b := by
  rw [ne_eq, ← beq_iff_eq (a := a), Bool.not_eq_true]
@[simp] theorem bne_iff_ne {α : Type u} [BEq α] [LawfulBEq α] {a b : α} : (a != b) = true ↔ a ≠ b := by
  unfold bne; rw [Bool.not_eq_true', beq_eq_false_iff_ne]
theorem bne_self_eq_false {α : Type u} [BEq α] [ReflBEq α] (a : α) : (a != a) = false := by unfold bne; rw [BEq.rfl]; rfl
instance instLawfulBEqOfDecidableEq {α : Type u} [DecidableEq α] : LawfulBEq α where
  rfl := decide_eq_true rfl
  eq_of_beq := of_decide_eq_true
theorem beq_eq_decide {α : Type u} [BEq α] [LawfulBEq α] [DecidableEq α] {a b : α} : (a == b) = decide (a = b) :=
  Bool.eq_iff_iff.mpr (by simp)
theorem beq_false_of_ne {α : Type u} [BEq α] [LawfulBEq α] {a b : α} (h : a ≠ b) : (a == b) = false := beq_eq_false_iff_ne.mpr h
theorem ne_of_beq_false {α : Type u} [BEq α] [ReflBEq α] {a b : α} (h : (a == b) = false) : a ≠ b :=
  fun e => Bool.noConfusion ((e ▸ h : (a == a) = false).symm.trans BEq.rfl)
theorem beq_of_eq {α : Type u} [BEq α] [ReflBEq α] {a b : α} (h : a = b) : (a == b) = true := h ▸ BEq.rfl
theorem Nat.beq_eq (a b : Nat) : (Nat.beq a b = true) = (a = b) := propext ⟨Nat.eq_of_beq_eq_true, fun h => h ▸ Nat.beq_refl a⟩
theorem Nat.ble_eq (a b : Nat) : (Nat.ble a b = true) = (a ≤ b) := propext ⟨Nat.le_of_ble_eq_true, Nat.ble_eq_true_of_le⟩
attribute [simp] Nat.beq_eq Nat.ble_eq
