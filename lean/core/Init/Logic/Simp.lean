prelude
import Init.Logic.Injective
/-! Propositional and quantifier lemmas that `simp` and proofs by hand reach for. Mirrors the propositional part of Lean's
`SimpLemmas`, `PropLemmas` and `Classical`. -/
set_option autoImplicit false
set_option linter.all false
universe u v

theorem not_not_intro {p : Prop} (h : p) : ¬¬p := fun hn => hn h
theorem Classical.not_not {p : Prop} : ¬¬p ↔ p := ⟨fun h => byContradiction h, not_not_intro⟩
theorem Decidable.not_not {p : Prop} [Decidable p] : ¬¬p ↔ p := Classical.not_not
@[simp] theorem not_not {p : Prop} : ¬¬p ↔ p := Classical.not_not
@[simp] theorem ne_eq {α : Sort u} (a b : α) : (a ≠ b) = ¬(a = b) := rfl
@[simp] theorem and_self_iff {p : Prop} : p ∧ p ↔ p := ⟨And.left, fun h => ⟨h, h⟩⟩
@[simp] theorem or_self_iff {p : Prop} : p ∨ p ↔ p := ⟨fun h => h.elim id id, .inl⟩
theorem or_self (p : Prop) : (p ∨ p) = p := propext or_self_iff
@[simp] theorem iff_true (p : Prop) : (p ↔ True) = p := propext ⟨fun h => h.mpr trivial, fun h => ⟨fun _ => trivial, fun _ => h⟩⟩
@[simp] theorem true_iff (p : Prop) : (True ↔ p) = p := propext ⟨fun h => h.mp trivial, fun h => ⟨fun _ => h, fun _ => trivial⟩⟩
@[simp] theorem iff_false (p : Prop) : (p ↔ False) = ¬p := propext ⟨Iff.mp, fun h => ⟨h, False.elim⟩⟩
@[simp] theorem false_iff (p : Prop) : (False ↔ p) = ¬p := propext ⟨Iff.mpr, fun h => ⟨False.elim, h⟩⟩
@[simp] theorem false_implies (p : Prop) : (False → p) = True := eq_true False.elim
@[simp] theorem forall_false (p : False → Prop) : (∀ h : False, p h) = True := eq_true (fun h => h.elim)
@[simp] theorem true_implies (p : Prop) : (True → p) = p := propext ⟨fun h => h trivial, fun h _ => h⟩
theorem forall_const (α : Sort u) [i : Nonempty α] {b : Prop} : (α → b) ↔ b := ⟨fun h => match i with | ⟨a⟩ => h a, fun h _ => h⟩
theorem exists_const (α : Sort u) [i : Nonempty α] {b : Prop} : (∃ _ : α, b) ↔ b :=
  ⟨fun ⟨_, h⟩ => h, fun h => match i with | ⟨a⟩ => ⟨a, h⟩⟩
attribute [simp] forall_const exists_const iff_self and_self or_self
@[simp] theorem imp_self {p : Prop} : (p → p) ↔ True := ⟨fun _ => trivial, fun _ => id⟩
@[simp] theorem and_imp {a b c : Prop} : (a ∧ b → c) ↔ (a → b → c) := ⟨fun h ha hb => h ⟨ha, hb⟩, fun h hab => h hab.1 hab.2⟩
@[simp] theorem not_and {a b : Prop} : ¬(a ∧ b) ↔ (a → ¬b) := and_imp
@[simp] theorem not_or {a b : Prop} : ¬(a ∨ b) ↔ ¬a ∧ ¬b :=
  ⟨fun h => ⟨fun ha => h (.inl ha), fun hb => h (.inr hb)⟩, fun h hab => hab.elim h.1 h.2⟩
theorem not_imp {a b : Prop} : ¬(a → b) ↔ a ∧ ¬b :=
  ⟨fun h => ⟨Classical.byContradiction fun ha => h fun ha' => absurd ha' ha, fun hb => h fun _ => hb⟩, fun h hab => h.2 (hab h.1)⟩
theorem Classical.not_imp {a b : Prop} : ¬(a → b) ↔ a ∧ ¬b := _root_.not_imp
theorem Classical.not_and_iff_not_or_not {a b : Prop} : ¬(a ∧ b) ↔ ¬a ∨ ¬b :=
  ⟨fun h => (em a).elim (fun ha => .inr fun hb => h ⟨ha, hb⟩) .inl, fun h hab => h.elim (· hab.1) (· hab.2)⟩
@[simp] theorem and_not_self {a : Prop} : ¬(a ∧ ¬a) := fun h => h.2 h.1
@[simp] theorem not_and_self {a : Prop} : ¬(¬a ∧ a) := fun h => h.1 h.2
@[simp] theorem not_exists {α : Sort u} {p : α → Prop} : (¬∃ x, p x) ↔ ∀ x, ¬p x :=
  ⟨fun h x hx => h ⟨x, hx⟩, fun h ⟨x, hx⟩ => h x hx⟩
theorem Classical.not_forall {α : Sort u} {p : α → Prop} : (¬∀ x, p x) ↔ ∃ x, ¬p x :=
  ⟨fun h => byContradiction fun hn => h fun x => byContradiction fun hx => hn ⟨x, hx⟩, fun ⟨x, hx⟩ h => hx (h x)⟩
@[simp] theorem exists_imp {α : Sort u} {p : α → Prop} {b : Prop} : ((∃ x, p x) → b) ↔ ∀ x, p x → b :=
  ⟨fun h x hx => h ⟨x, hx⟩, fun h ⟨x, hx⟩ => h x hx⟩
theorem forall_exists_index {α : Sort u} {p : α → Prop} {q : (∃ x, p x) → Prop} :
    (∀ h, q h) ↔ ∀ x (h : p x), q ⟨x, h⟩ := ⟨fun h x hx => h ⟨x, hx⟩, fun h ⟨x, hx⟩ => h x hx⟩
attribute [simp] forall_exists_index
theorem and_comm {a b : Prop} : a ∧ b ↔ b ∧ a := ⟨fun h => ⟨h.2, h.1⟩, fun h => ⟨h.2, h.1⟩⟩
theorem or_comm {a b : Prop} : a ∨ b ↔ b ∨ a := ⟨fun h => h.elim .inr .inl, fun h => h.elim .inr .inl⟩
theorem And.comm {a b : Prop} : a ∧ b ↔ b ∧ a := and_comm
theorem Or.comm {a b : Prop} : a ∨ b ↔ b ∨ a := or_comm
theorem And.symm {a b : Prop} (h : a ∧ b) : b ∧ a := ⟨h.2, h.1⟩
theorem Or.symm {a b : Prop} (h : a ∨ b) : b ∨ a := or_comm.mp h
theorem And.imp {a b c d : Prop} (f : a → c) (g : b → d) (h : a ∧ b) : c ∧ d := ⟨f h.1, g h.2⟩
theorem Or.imp {a c b d : Prop} (f : a → c) (g : b → d) (h : a ∨ b) : c ∨ d := h.elim (fun x => .inl (f x)) (fun x => .inr (g x))
theorem Or.resolve_left {a b : Prop} (h : a ∨ b) (na : ¬a) : b := h.elim (absurd · na) id
theorem Or.resolve_right {a b : Prop} (h : a ∨ b) (nb : ¬b) : a := h.elim id (absurd · nb)
theorem and_assoc {a b c : Prop} : (a ∧ b) ∧ c ↔ a ∧ b ∧ c := ⟨fun h => ⟨h.1.1, h.1.2, h.2⟩, fun h => ⟨⟨h.1, h.2.1⟩, h.2.2⟩⟩
theorem or_assoc {a b c : Prop} : (a ∨ b) ∨ c ↔ a ∨ b ∨ c :=
  ⟨fun h => h.elim (fun h => h.elim .inl (.inr ∘ .inl)) (.inr ∘ .inr), fun h => h.elim (.inl ∘ .inl) (fun h => h.elim (.inl ∘ .inr) .inr)⟩
theorem and_left_comm {a b c : Prop} : a ∧ b ∧ c ↔ b ∧ a ∧ c := ⟨fun h => ⟨h.2.1, h.1, h.2.2⟩, fun h => ⟨h.2.1, h.1, h.2.2⟩⟩
theorem and_or_left {a b c : Prop} : a ∧ (b ∨ c) ↔ (a ∧ b) ∨ (a ∧ c) :=
  ⟨fun h => h.2.elim (fun hb => .inl ⟨h.1, hb⟩) (fun hc => .inr ⟨h.1, hc⟩), fun h => h.elim (fun x => ⟨x.1, .inl x.2⟩) (fun x => ⟨x.1, .inr x.2⟩)⟩
theorem or_imp {a b c : Prop} : (a ∨ b → c) ↔ (a → c) ∧ (b → c) :=
  ⟨fun h => ⟨fun x => h (.inl x), fun x => h (.inr x)⟩, fun h x => x.elim h.1 h.2⟩
theorem imp_congr {a b c d : Prop} (h₁ : a ↔ c) (h₂ : b ↔ d) : (a → b) ↔ (c → d) :=
  ⟨fun h x => h₂.mp (h (h₁.mpr x)), fun h x => h₂.mpr (h (h₁.mp x))⟩
theorem or_congr {a b c d : Prop} (h₁ : a ↔ c) (h₂ : b ↔ d) : a ∨ b ↔ c ∨ d := ⟨Or.imp h₁.mp h₂.mp, Or.imp h₁.mpr h₂.mpr⟩
theorem not_congr {a b : Prop} (h : a ↔ b) : ¬a ↔ ¬b := ⟨mt' h.mpr, mt' h.mp⟩
where mt' {a b : Prop} (h : a → b) (hb : ¬b) : ¬a := fun ha => hb (h ha)
theorem mt {a b : Prop} (h : a → b) (hb : ¬b) : ¬a := fun ha => hb (h ha)
theorem iff_congr {a b c d : Prop} (h₁ : a ↔ c) (h₂ : b ↔ d) : (a ↔ b) ↔ (c ↔ d) :=
  ⟨fun h => h₁.symm.trans (h.trans h₂), fun h => h₁.trans (h.trans h₂.symm)⟩
theorem exists_congr {α : Sort u} {p q : α → Prop} (h : ∀ a, p a ↔ q a) : (∃ a, p a) ↔ ∃ a, q a :=
  ⟨fun ⟨a, ha⟩ => ⟨a, (h a).mp ha⟩, fun ⟨a, ha⟩ => ⟨a, (h a).mpr ha⟩⟩
theorem Exists.imp {α : Sort u} {p q : α → Prop} (h : ∀ a, p a → q a) : (∃ a, p a) → ∃ a, q a := fun ⟨a, ha⟩ => ⟨a, h a ha⟩
theorem Exists.elim {α : Sort u} {p : α → Prop} {b : Prop} (h₁ : ∃ x, p x) (h₂ : ∀ a, p a → b) : b := match h₁ with | ⟨a, h⟩ => h₂ a h
theorem forall_congr' {α : Sort u} {p q : α → Prop} (h : ∀ a, p a ↔ q a) : (∀ a, p a) ↔ ∀ a, q a :=
  ⟨fun H a => (h a).mp (H a), fun H a => (h a).mpr (H a)⟩
@[simp] theorem exists_eq {α : Sort u} {a : α} : ∃ x, x = a := ⟨a, rfl⟩
@[simp] theorem exists_eq' {α : Sort u} {a : α} : ∃ x, a = x := ⟨a, rfl⟩
@[simp] theorem exists_eq_left {α : Sort u} {p : α → Prop} {a : α} : (∃ x, x = a ∧ p x) ↔ p a :=
  ⟨fun ⟨_, e, h⟩ => e ▸ h, fun h => ⟨a, rfl, h⟩⟩
@[simp] theorem exists_eq_right {α : Sort u} {p : α → Prop} {a : α} : (∃ x, p x ∧ x = a) ↔ p a :=
  ⟨fun ⟨_, h, e⟩ => e ▸ h, fun h => ⟨a, h, rfl⟩⟩
@[simp] theorem exists_eq_left' {α : Sort u} {p : α → Prop} {a : α} : (∃ x, a = x ∧ p x) ↔ p a :=
  ⟨fun ⟨_, e, h⟩ => e ▸ h, fun h => ⟨a, rfl, h⟩⟩
@[simp] theorem forall_eq {α : Sort u} {p : α → Prop} {a : α} : (∀ x, x = a → p x) ↔ p a := ⟨fun h => h a rfl, fun h _ e => e ▸ h⟩
@[simp] theorem forall_eq' {α : Sort u} {p : α → Prop} {a : α} : (∀ x, a = x → p x) ↔ p a := ⟨fun h => h a rfl, fun h _ e => e ▸ h⟩
theorem exists_and_left {α : Sort u} {p : α → Prop} {b : Prop} : (∃ x, b ∧ p x) ↔ b ∧ ∃ x, p x :=
  ⟨fun ⟨x, hb, h⟩ => ⟨hb, x, h⟩, fun ⟨hb, x, h⟩ => ⟨x, hb, h⟩⟩
theorem exists_and_right {α : Sort u} {p : α → Prop} {b : Prop} : (∃ x, p x ∧ b) ↔ (∃ x, p x) ∧ b :=
  ⟨fun ⟨x, h, hb⟩ => ⟨⟨x, h⟩, hb⟩, fun ⟨⟨x, h⟩, hb⟩ => ⟨x, h, hb⟩⟩
attribute [simp] exists_and_left exists_and_right
theorem forall_and {α : Sort u} {p q : α → Prop} : (∀ x, p x ∧ q x) ↔ (∀ x, p x) ∧ ∀ x, q x :=
  ⟨fun h => ⟨fun x => (h x).1, fun x => (h x).2⟩, fun h x => ⟨h.1 x, h.2 x⟩⟩
theorem exists_or {α : Sort u} {p q : α → Prop} : (∃ x, p x ∨ q x) ↔ (∃ x, p x) ∨ ∃ x, q x :=
  ⟨fun ⟨x, h⟩ => h.elim (fun h => .inl ⟨x, h⟩) (fun h => .inr ⟨x, h⟩), fun h => h.elim (fun ⟨x, h⟩ => ⟨x, .inl h⟩) (fun ⟨x, h⟩ => ⟨x, .inr h⟩)⟩
theorem exists_comm {α : Sort u} {β : Sort v} {p : α → β → Prop} : (∃ a b, p a b) ↔ ∃ b a, p a b :=
  ⟨fun ⟨a, b, h⟩ => ⟨b, a, h⟩, fun ⟨b, a, h⟩ => ⟨a, b, h⟩⟩
theorem forall_comm {α : Sort u} {β : Sort v} {p : α → β → Prop} : (∀ a b, p a b) ↔ ∀ b a, p a b := ⟨fun h b a => h a b, fun h a b => h b a⟩
theorem ne_comm {α : Sort u} {a b : α} : a ≠ b ↔ b ≠ a := ⟨Ne.symm, Ne.symm⟩
theorem Decidable.em (p : Prop) [Decidable p] : p ∨ ¬p := Classical.em p
theorem Decidable.byContradiction {p : Prop} [dec : Decidable p] (h : ¬p → False) : p := Classical.byContradiction h
theorem byContradiction' {p : Prop} (h : ¬p → False) : p := Classical.byContradiction h
theorem Classical.byCases {p q : Prop} (h₁ : p → q) (h₂ : ¬p → q) : q := (em p).elim h₁ h₂
theorem Classical.not_or_of_imp {a b : Prop} (h : a → b) : ¬a ∨ b := (em a).elim (fun ha => .inr (h ha)) .inl
theorem Classical.or_iff_not_imp_left {a b : Prop} : a ∨ b ↔ (¬a → b) :=
  ⟨fun h ha => h.resolve_left ha, fun h => (em a).elim .inl (fun ha => .inr (h ha))⟩
theorem iff_of_true {a b : Prop} (ha : a) (hb : b) : a ↔ b := ⟨fun _ => hb, fun _ => ha⟩
theorem iff_of_false {a b : Prop} (ha : ¬a) (hb : ¬b) : a ↔ b := ⟨fun h => absurd h ha, fun h => absurd h hb⟩
theorem iff_of_eq {a b : Prop} (h : a = b) : a ↔ b := h ▸ Iff.rfl
theorem Eq.to_iff {a b : Prop} (h : a = b) : a ↔ b := h ▸ Iff.rfl
theorem Iff.of_eq {a b : Prop} (h : a = b) : a ↔ b := h ▸ Iff.rfl
@[simp] theorem eq_iff_iff {a b : Prop} : (a = b) ↔ (a ↔ b) := ⟨Iff.of_eq, propext⟩
theorem iff_iff_implies_and_implies {a b : Prop} : (a ↔ b) ↔ (a → b) ∧ (b → a) := ⟨fun h => ⟨h.1, h.2⟩, fun h => ⟨h.1, h.2⟩⟩
theorem and_iff_left {a b : Prop} (hb : b) : a ∧ b ↔ a := ⟨And.left, fun ha => ⟨ha, hb⟩⟩
theorem and_iff_right {a b : Prop} (ha : a) : a ∧ b ↔ b := ⟨And.right, fun hb => ⟨ha, hb⟩⟩
theorem or_iff_left {a b : Prop} (hb : ¬b) : a ∨ b ↔ a := ⟨fun h => h.resolve_right hb, .inl⟩
theorem or_iff_right {a b : Prop} (ha : ¬a) : a ∨ b ↔ b := ⟨fun h => h.resolve_left ha, .inr⟩
theorem Eq.congr_arg' {α : Sort u} {β : Sort v} {f : α → β} {a b : α} (h : a = b) : f a = f b := congrArg f h
theorem congrFun₂ {α : Sort u} {β γ : Sort v} {f g : α → β → γ} (h : f = g) (a : α) (b : β) : f a b = g a b := h ▸ rfl

/-! ### if-then-else -/
section
variable {α : Sort u} {β : Sort v} {c : Prop} [Decidable c]
@[simp] theorem ite_self {d : Decidable c} (a : α) : (if c then a else a) = a := by cases d <;> rfl
@[simp] theorem if_true {h : Decidable True} (t e : α) : (@ite α True h t e) = t := if_pos trivial
@[simp] theorem if_false {h : Decidable False} (t e : α) : (@ite α False h t e) = e := if_neg id
@[simp] theorem dite_true {h : Decidable True} {t : True → α} {e : ¬True → α} : (@dite α True h t e) = t trivial := dif_pos trivial
@[simp] theorem dite_false {h : Decidable False} {t : False → α} {e : ¬False → α} : (@dite α False h t e) = e id := dif_neg id
theorem ite_not {p : Prop} [h : Decidable p] (x y : α) : (if ¬p then x else y) = if p then y else x := by
  cases h <;> rfl
attribute [simp] ite_not
theorem apply_ite (f : α → β) (P : Prop) [Decidable P] (x y : α) : f (if P then x else y) = if P then f x else f y := by
  by_cases h : P
  · rw [if_pos h, if_pos h]
  · rw [if_neg h, if_neg h]
theorem dite_eq_ite {t e : α} : (if _ : c then t else e) = if c then t else e := rfl
attribute [simp] dite_eq_ite
theorem ite_congr {b d : Prop} {x y u v : α} {s : Decidable b} [Decidable d] (h₁ : b = d) (h₂ : d → x = u) (h₃ : ¬d → y = v) :
    ite b x y = ite d u v := by
  by_cases h : d
  · rw [if_pos h, if_pos (h₁ ▸ h : b)]; exact h₂ h
  · rw [if_neg h, if_neg (h₁ ▸ h : ¬b)]; exact h₃ h
theorem ite_eq_left_iff {P : Prop} [Decidable P] {a b : α} : (if P then a else b) = a ↔ (¬P → b = a) := by
  by_cases h : P
  · rw [if_pos h]; exact ⟨fun _ hn => absurd h hn, fun _ => rfl⟩
  · rw [if_neg h]; exact ⟨fun e _ => e, fun e => e h⟩
theorem ite_eq_right_iff {P : Prop} [Decidable P] {a b : α} : (if P then a else b) = b ↔ (P → a = b) := by
  by_cases h : P
  · rw [if_pos h]; exact ⟨fun e _ => e, fun e => e h⟩
  · rw [if_neg h]; exact ⟨fun _ hp => absurd hp h, fun _ => rfl⟩
attribute [simp] ite_eq_left_iff ite_eq_right_iff
end
