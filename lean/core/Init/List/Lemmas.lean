prelude
import Init.List.Basic
import Init.Nat.Div
/-! Length, append, map, membership, filter, all/any, reverse, take/drop. Mirrors Lean's `Data.List.Lemmas`. -/
set_option autoImplicit false
set_option linter.all false
universe u v w
namespace List
variable {α : Type u} {β : Type v} {γ : Type w}

/-! ### length and append -/
@[simp] theorem length_nil : length ([] : List α) = 0 := rfl
@[simp] theorem length_cons {a : α} {as : List α} : (a :: as).length = as.length + 1 := rfl
theorem length_singleton {a : α} : [a].length = 1 := rfl
theorem eq_nil_of_length_eq_zero {l : List α} (h : l.length = 0) : l = [] := by
  cases l with
  | nil => rfl
  | cons a l => exact Nat.noConfusion h
@[simp] theorem length_eq_zero_iff {l : List α} : l.length = 0 ↔ l = [] := ⟨eq_nil_of_length_eq_zero, fun h => h ▸ rfl⟩
theorem length_pos_of_mem {a : α} {l : List α} (h : a ∈ l) : 0 < l.length := by cases h <;> exact Nat.succ_le_succ (Nat.zero_le _)
theorem ne_nil_of_length_pos {l : List α} (h : 0 < l.length) : l ≠ [] := fun e => by rw [e] at h; exact Nat.lt_irrefl 0 h
theorem length_pos_iff {l : List α} : 0 < l.length ↔ l ≠ [] :=
  ⟨ne_nil_of_length_pos, fun h => Nat.pos_of_ne_zero (fun e => h (eq_nil_of_length_eq_zero e))⟩
theorem exists_cons_of_length_pos {l : List α} (h : 0 < l.length) : ∃ a t, l = a :: t := by
  cases l with
  | nil => exact absurd h (Nat.lt_irrefl 0)
  | cons a t => exact ⟨a, t, rfl⟩
theorem exists_cons_of_ne_nil {l : List α} (h : l ≠ []) : ∃ a t, l = a :: t := by
  cases l with
  | nil => exact absurd rfl h
  | cons a t => exact ⟨a, t, rfl⟩
theorem exists_cons_of_length_eq_add_one {l : List α} {n : Nat} (h : l.length = n + 1) : ∃ a t, l = a :: t := by
  cases l with
  | nil => exact Nat.noConfusion h
  | cons a t => exact ⟨a, t, rfl⟩
theorem cons_ne_nil (a : α) (l : List α) : a :: l ≠ [] := nofun
theorem ne_cons_self {a : α} {l : List α} : l ≠ a :: l := fun e => by
  have h : l.length = l.length + 1 := congrArg length e
  omega
@[simp] theorem nil_append (as : List α) : [] ++ as = as := rfl
@[simp] theorem cons_append {a : α} {as bs : List α} : (a :: as) ++ bs = a :: (as ++ bs) := rfl
@[simp] theorem append_nil (as : List α) : as ++ [] = as := by
  induction as with
  | nil => rfl
  | cons a as ih => exact congrArg (cons a) ih
@[simp] theorem append_assoc (as bs cs : List α) : (as ++ bs) ++ cs = as ++ (bs ++ cs) := by
  induction as with
  | nil => rfl
  | cons a as ih => exact congrArg (cons a) ih
@[simp] theorem length_append {as bs : List α} : (as ++ bs).length = as.length + bs.length := by
  induction as with
  | nil => exact (Nat.zero_add _).symm
  | cons a as ih => simp only [cons_append, length_cons, ih]; omega
theorem append_cons (as : List α) (b : α) (bs : List α) : as ++ b :: bs = as ++ [b] ++ bs := by simp
@[simp] theorem append_eq_nil_iff {p q : List α} : p ++ q = [] ↔ p = [] ∧ q = [] := by cases p <;> simp
theorem append_inj {s₁ s₂ t₁ t₂ : List α} (h : s₁ ++ t₁ = s₂ ++ t₂) (hl : s₁.length = s₂.length) : s₁ = s₂ ∧ t₁ = t₂ := by
  induction s₁ generalizing s₂ with
  | nil => cases s₂ with
    | nil => exact ⟨rfl, h⟩
    | cons b s₂ => exact Nat.noConfusion hl
  | cons a s₁ ih => cases s₂ with
    | nil => exact Nat.noConfusion hl
    | cons b s₂ =>
      injection h with h₁ h₂
      have r := ih h₂ (Nat.succ.inj hl)
      exact ⟨by rw [h₁, r.1], r.2⟩
theorem append_cancel_left {as bs cs : List α} (h : as ++ bs = as ++ cs) : bs = cs := (append_inj h rfl).2
theorem append_cancel_right {as bs cs : List α} (h : as ++ bs = cs ++ bs) : as = cs := by
  refine (append_inj h ?_).1
  have e := congrArg length h
  simp only [length_append] at e
  omega

/-! ### membership -/
@[simp] theorem not_mem_nil {a : α} : ¬ a ∈ ([] : List α) := nofun
theorem mem_cons_self {a : α} {l : List α} : a ∈ a :: l := .head l
theorem mem_cons_of_mem (y : α) {a : α} {l : List α} (h : a ∈ l) : a ∈ y :: l := .tail y h
@[simp] theorem mem_cons {a b : α} {l : List α} : a ∈ b :: l ↔ a = b ∨ a ∈ l :=
  ⟨fun h => by cases h with | head => exact .inl rfl | tail _ h => exact .inr h, fun h => h.elim (fun e => e ▸ .head _) (.tail _)⟩
theorem mem_singleton {a b : α} : a ∈ [b] ↔ a = b := by simp
theorem mem_of_ne_of_mem {a y : α} {l : List α} (h₁ : a ≠ y) (h₂ : a ∈ y :: l) : a ∈ l := (mem_cons.mp h₂).resolve_left h₁
theorem ne_nil_of_mem {a : α} {l : List α} (h : a ∈ l) : l ≠ [] := ne_nil_of_length_pos (length_pos_of_mem h)
@[simp] theorem mem_append {a : α} {s t : List α} : a ∈ s ++ t ↔ a ∈ s ∨ a ∈ t := by
  induction s with
  | nil => simp
  | cons b s ih => simp only [cons_append, mem_cons, ih, or_assoc]
theorem mem_append_left {a : α} {l₁ : List α} (l₂ : List α) (h : a ∈ l₁) : a ∈ l₁ ++ l₂ := mem_append.mpr (.inl h)
theorem mem_append_right {a : α} (l₁ : List α) {l₂ : List α} (h : a ∈ l₂) : a ∈ l₁ ++ l₂ := mem_append.mpr (.inr h)
theorem forall_mem_cons {p : α → Prop} {a : α} {l : List α} : (∀ x, x ∈ a :: l → p x) ↔ p a ∧ ∀ x, x ∈ l → p x :=
  ⟨fun h => ⟨h a mem_cons_self, fun x hx => h x (mem_cons_of_mem a hx)⟩,
   fun h x hx => (mem_cons.mp hx).elim (fun e => e ▸ h.1) (h.2 x)⟩
theorem forall_mem_nil (p : α → Prop) : ∀ x, x ∈ ([] : List α) → p x := nofun
theorem append_of_mem {a : α} {l : List α} (h : a ∈ l) : ∃ s t : List α, l = s ++ a :: t := by
  induction h with
  | head as => exact ⟨[], as, rfl⟩
  | tail b _ ih =>
    obtain ⟨s, t, e⟩ := ih
    exact ⟨b :: s, t, by rw [e]; rfl⟩
theorem eq_nil_iff_forall_not_mem {l : List α} : l = [] ↔ ∀ a, ¬ a ∈ l := by
  cases l with
  | nil => simp
  | cons a l => exact ⟨nofun, fun h => absurd mem_cons_self (h a)⟩

/-! ### map -/
@[simp] theorem map_nil {f : α → β} : map f [] = [] := rfl
@[simp] theorem map_cons {f : α → β} {a : α} {l : List α} : map f (a :: l) = f a :: map f l := rfl
@[simp] theorem length_map {as : List α} (f : α → β) : (as.map f).length = as.length := by
  induction as with
  | nil => rfl
  | cons a as ih => simp only [map_cons, length_cons, ih]
@[simp] theorem map_append {f : α → β} {l₁ l₂ : List α} : map f (l₁ ++ l₂) = map f l₁ ++ map f l₂ := by
  induction l₁ with
  | nil => rfl
  | cons a l₁ ih => simp only [cons_append, map_cons, ih]
@[simp] theorem map_map {g : β → γ} {f : α → β} {l : List α} : map g (map f l) = map (g ∘ f) l := by
  induction l with
  | nil => rfl
  | cons a l ih => exact congrArg _ ih
@[simp] theorem map_id_fun : map (id : α → α) = id := funext fun l => by
  induction l with
  | nil => rfl
  | cons a l ih => exact congrArg (cons a) ih
theorem map_id (l : List α) : map id l = l := congrFun map_id_fun l
theorem map_id' (l : List α) : map (fun a => a) l = l := map_id l
attribute [simp] map_id'
@[simp] theorem mem_map {b : β} {f : α → β} {l : List α} : b ∈ l.map f ↔ ∃ a, a ∈ l ∧ f a = b := by
  induction l with
  | nil => simp
  | cons a l ih =>
    simp only [map_cons, mem_cons, ih]
    exact ⟨fun h => h.elim (fun e => ⟨a, .inl rfl, e.symm⟩) (fun ⟨x, hx, e⟩ => ⟨x, .inr hx, e⟩),
      fun ⟨x, hx, e⟩ => hx.elim (fun e' => .inl (by rw [← e, e'])) (fun hx => .inr ⟨x, hx, e⟩)⟩
theorem mem_map_of_mem {f : α → β} {a : α} {l : List α} (h : a ∈ l) : f a ∈ l.map f := mem_map.mpr ⟨a, h, rfl⟩
theorem exists_of_mem_map {f : α → β} {b : β} {l : List α} (h : b ∈ l.map f) : ∃ a, a ∈ l ∧ f a = b := mem_map.mp h
theorem forall_mem_map {f : α → β} {l : List α} {P : β → Prop} : (∀ i, i ∈ l.map f → P i) ↔ ∀ j, j ∈ l → P (f j) :=
  ⟨fun h j hj => h _ (mem_map_of_mem hj), fun h i hi => by obtain ⟨a, ha, e⟩ := mem_map.mp hi; exact e ▸ h a ha⟩
theorem map_congr_left {f g : α → β} {l : List α} (h : ∀ a, a ∈ l → f a = g a) : map f l = map g l := by
  induction l with
  | nil => rfl
  | cons a l ih =>
    simp only [map_cons, h a mem_cons_self, ih (fun x hx => h x (mem_cons_of_mem a hx))]
theorem map_eq_nil_iff {f : α → β} {l : List α} : map f l = [] ↔ l = [] := by cases l <;> simp
attribute [simp] map_eq_nil_iff
theorem map_const' {b : β} {l : List α} : map (fun _ => b) l = replicate l.length b := by
  induction l with
  | nil => rfl
  | cons a l ih => simp only [map_cons, ih]; rfl

/-! ### replicate -/
@[simp] theorem replicate_zero {a : α} : replicate 0 a = [] := rfl
theorem replicate_succ {a : α} {n : Nat} : replicate (n + 1) a = a :: replicate n a := rfl
@[simp] theorem length_replicate {n : Nat} {a : α} : (replicate n a).length = n := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [replicate_succ, length_cons, ih]
@[simp] theorem mem_replicate {a b : α} {n : Nat} : b ∈ replicate n a ↔ n ≠ 0 ∧ b = a := by
  induction n with
  | zero => simp
  | succ n ih => simp only [replicate_succ, mem_cons, ih]; exact
      ⟨fun h => ⟨nofun, h.elim id And.right⟩, fun h => .inl h.2⟩
theorem eq_of_mem_replicate {a b : α} {n : Nat} (h : b ∈ replicate n a) : b = a := (mem_replicate.mp h).2
theorem map_replicate {n : Nat} {a : α} {f : α → β} : (replicate n a).map f = replicate n (f a) := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [replicate_succ, map_cons, ih]
attribute [simp] map_replicate
theorem replicate_add {m n : Nat} {a : α} : replicate (m + n) a = replicate m a ++ replicate n a := by
  induction m with
  | zero => rw [Nat.zero_add]; rfl
  | succ m ih => rw [Nat.succ_add]; exact congrArg (cons a) ih
theorem eq_replicate_of_mem {a : α} {l : List α} (h : ∀ b, b ∈ l → b = a) : l = replicate l.length a := by
  induction l with
  | nil => rfl
  | cons b l ih =>
    rw [length_cons, replicate_succ, h b mem_cons_self, ← ih (fun x hx => h x (mem_cons_of_mem b hx))]

/-! ### filter, all, any -/
@[simp] theorem filter_nil {p : α → Bool} : filter p [] = [] := rfl
theorem filter_cons {x : α} {xs : List α} {p : α → Bool} : (x :: xs).filter p = if p x = true then x :: xs.filter p else xs.filter p := by
  show (match p x with | true => x :: filter p xs | false => filter p xs) = _
  cases p x <;> rfl
@[simp] theorem filter_cons_of_pos {p : α → Bool} {a : α} {l : List α} (h : p a = true) : filter p (a :: l) = a :: filter p l := by
  rw [filter_cons, if_pos h]
@[simp] theorem filter_cons_of_neg {p : α → Bool} {a : α} {l : List α} (h : ¬p a = true) : filter p (a :: l) = filter p l := by
  rw [filter_cons, if_neg h]
@[simp] theorem mem_filter {p : α → Bool} {a : α} {l : List α} : a ∈ filter p l ↔ a ∈ l ∧ p a = true := by
  induction l with
  | nil => simp
  | cons b l ih =>
    by_cases h : p b = true
    · rw [filter_cons_of_pos h, mem_cons, mem_cons, ih]
      exact ⟨fun x => x.elim (fun e => ⟨.inl e, e ▸ h⟩) (fun x => ⟨.inr x.1, x.2⟩),
        fun x => x.1.elim .inl (fun y => .inr ⟨y, x.2⟩)⟩
    · rw [filter_cons_of_neg h, mem_cons, ih]
      exact ⟨fun x => ⟨.inr x.1, x.2⟩, fun x => ⟨x.1.resolve_left (fun e => h (e ▸ x.2)), x.2⟩⟩
theorem filter_append {p : α → Bool} {l₁ l₂ : List α} : filter p (l₁ ++ l₂) = filter p l₁ ++ filter p l₂ := by
  induction l₁ with
  | nil => rfl
  | cons a l ih => by_cases h : p a = true <;> simp [h, ih]
attribute [simp] filter_append
theorem length_filter_le (p : α → Bool) (l : List α) : (l.filter p).length ≤ l.length := by
  induction l with
  | nil => exact Nat.le_refl _
  | cons a l ih => by_cases h : p a = true <;> simp [h] <;> omega
@[simp] theorem all_nil {p : α → Bool} : all [] p = true := rfl
@[simp] theorem all_cons {p : α → Bool} {a : α} {l : List α} : all (a :: l) p = (p a && all l p) := rfl
@[simp] theorem any_nil {p : α → Bool} : any [] p = false := rfl
@[simp] theorem any_cons {p : α → Bool} {a : α} {l : List α} : any (a :: l) p = (p a || any l p) := rfl
@[simp] theorem all_eq_true {p : α → Bool} {l : List α} : l.all p = true ↔ ∀ x, x ∈ l → p x = true := by
  induction l with
  | nil => simp
  | cons a l ih => simp only [all_cons, Bool.and_eq_true, ih, forall_mem_cons]
@[simp] theorem any_eq_true {p : α → Bool} {l : List α} : l.any p = true ↔ ∃ x, x ∈ l ∧ p x = true := by
  induction l with
  | nil => simp
  | cons a l ih =>
    simp only [any_cons, Bool.or_eq_true, ih, mem_cons]
    exact ⟨fun h => h.elim (fun h => ⟨a, .inl rfl, h⟩) (fun ⟨x, hx, h⟩ => ⟨x, .inr hx, h⟩),
      fun ⟨x, hx, h⟩ => hx.elim (fun e => .inl (e ▸ h)) (fun hx => .inr ⟨x, hx, h⟩)⟩
@[simp] theorem all_append {p : α → Bool} {xs ys : List α} : (xs ++ ys).all p = (xs.all p && ys.all p) := by
  induction xs with
  | nil => rfl
  | cons a xs ih => simp only [cons_append, all_cons, ih, Bool.and_assoc]
@[simp] theorem any_append {p : α → Bool} {xs ys : List α} : (xs ++ ys).any p = (xs.any p || ys.any p) := by
  induction xs with
  | nil => rfl
  | cons a xs ih => simp only [cons_append, any_cons, ih, Bool.or_assoc]
theorem all_map {f : α → β} {l : List α} {p : β → Bool} : (l.map f).all p = l.all (p ∘ f) := by
  induction l with
  | nil => rfl
  | cons a l ih => simp only [map_cons, all_cons, ih]; rfl
instance decidableBAll (p : α → Prop) [DecidablePred p] : ∀ l : List α, Decidable (∀ x, x ∈ l → p x)
  | [] => isTrue nofun
  | a :: l => match (inferInstance : Decidable (p a)) with
    | isTrue h => match decidableBAll p l with
      | isTrue h' => isTrue (forall_mem_cons.mpr ⟨h, h'⟩)
      | isFalse h' => isFalse (fun x => h' (forall_mem_cons.mp x).2)
    | isFalse h => isFalse (fun x => h (forall_mem_cons.mp x).1)
instance decidableBEx (p : α → Prop) [DecidablePred p] : ∀ l : List α, Decidable (∃ x, x ∈ l ∧ p x)
  | [] => isFalse (fun ⟨_, h, _⟩ => not_mem_nil h)
  | a :: l => match (inferInstance : Decidable (p a)) with
    | isTrue h => isTrue ⟨a, mem_cons_self, h⟩
    | isFalse h => match decidableBEx p l with
      | isTrue h' => isTrue (match h' with | ⟨x, hx, h⟩ => ⟨x, mem_cons_of_mem a hx, h⟩)
      | isFalse h' => isFalse (fun ⟨x, hx, hp⟩ => (mem_cons.mp hx).elim (fun e => h (e ▸ hp)) (fun hx => h' ⟨x, hx, hp⟩))
instance instDecidableMemOfLawfulBEq [BEq α] [LawfulBEq α] (a : α) : ∀ as : List α, Decidable (a ∈ as)
  | [] => isFalse not_mem_nil
  | b :: bs => match e : a == b with
    | true => isTrue (eq_of_beq e ▸ mem_cons_self)
    | false => match instDecidableMemOfLawfulBEq a bs with
      | isTrue h => isTrue (mem_cons_of_mem b h)
      | isFalse h => isFalse (fun x => h (mem_of_ne_of_mem (beq_eq_false_iff_ne.mp e) x))
@[simp] theorem elem_eq_mem [BEq α] [LawfulBEq α] (a : α) (as : List α) : elem a as = decide (a ∈ as) := by
  induction as with
  | nil => simp [elem]
  | cons b bs ih =>
    show (match a == b with | true => true | false => elem a bs) = _
    cases e : a == b with
    | true => simp [eq_of_beq e]
    | false => simp [ih, beq_eq_false_iff_ne.mp e]
theorem contains_iff_mem [BEq α] [LawfulBEq α] {a : α} {as : List α} : as.contains a = true ↔ a ∈ as := by
  unfold contains; simp

/-! ### reverse -/
theorem reverseAux_eq_append (as bs : List α) : reverseAux as bs = reverseAux as [] ++ bs := by
  induction as generalizing bs with
  | nil => rfl
  | cons a as ih => simp only [reverseAux]; rw [ih (a :: bs), ih [a], append_assoc]; rfl
@[simp] theorem reverse_nil : reverse ([] : List α) = [] := rfl
@[simp] theorem reverse_cons {a : α} {as : List α} : reverse (a :: as) = reverse as ++ [a] := reverseAux_eq_append as [a]
@[simp] theorem reverse_append {as bs : List α} : (as ++ bs).reverse = bs.reverse ++ as.reverse := by
  induction as with
  | nil => simp
  | cons a as ih => simp [ih]
@[simp] theorem reverse_reverse (as : List α) : as.reverse.reverse = as := by
  induction as with
  | nil => rfl
  | cons a as ih => simp [ih]
@[simp] theorem length_reverse {as : List α} : as.reverse.length = as.length := by
  induction as with
  | nil => rfl
  | cons a as ih => simp [ih]
@[simp] theorem mem_reverse {x : α} {as : List α} : x ∈ as.reverse ↔ x ∈ as := by
  induction as with
  | nil => simp
  | cons a as ih => simp [ih, or_comm]
theorem map_reverse {f : α → β} {l : List α} : l.reverse.map f = (l.map f).reverse := by
  induction l with
  | nil => rfl
  | cons a l ih => simp [ih]

/-! ### take and drop -/
@[simp] theorem take_zero {l : List α} : l.take 0 = [] := by cases l <;> rfl
@[simp] theorem take_nil {i : Nat} : ([] : List α).take i = [] := by cases i <;> rfl
@[simp] theorem take_succ_cons {a : α} {l : List α} {i : Nat} : (a :: l).take (i + 1) = a :: l.take i := rfl
@[simp] theorem drop_zero {l : List α} : l.drop 0 = l := by cases l <;> rfl
@[simp] theorem drop_nil {i : Nat} : ([] : List α).drop i = [] := by cases i <;> rfl
@[simp] theorem drop_succ_cons {a : α} {l : List α} {i : Nat} : (a :: l).drop (i + 1) = l.drop i := rfl
@[simp] theorem take_append_drop (i : Nat) (l : List α) : l.take i ++ l.drop i = l := by
  induction i generalizing l with
  | zero => simp
  | succ i ih => cases l with
    | nil => rfl
    | cons a l => simp [ih]
@[simp] theorem length_take {i : Nat} {l : List α} : (l.take i).length = min i l.length := by
  induction i generalizing l with
  | zero => simp
  | succ i ih => cases l with
    | nil => simp
    | cons a l => simp [ih]; omega
@[simp] theorem length_drop {i : Nat} {l : List α} : (l.drop i).length = l.length - i := by
  induction i generalizing l with
  | zero => simp
  | succ i ih => cases l with
    | nil => simp
    | cons a l => simp [ih]; omega
theorem take_of_length_le {i : Nat} {l : List α} (h : l.length ≤ i) : l.take i = l := by
  induction l generalizing i with
  | nil => simp
  | cons a l ih => cases i with
    | zero => simp at h
    | succ i => simp only [length_cons] at h; rw [take_succ_cons, ih (by omega)]
theorem drop_eq_nil_of_le {i : Nat} {l : List α} (h : l.length ≤ i) : l.drop i = [] :=
  eq_nil_of_length_eq_zero (by rw [length_drop]; omega)
theorem take_length {l : List α} : l.take l.length = l := take_of_length_le (Nat.le_refl _)
theorem take_append_of_le_length {l₁ l₂ : List α} {i : Nat} (h : i ≤ l₁.length) : (l₁ ++ l₂).take i = l₁.take i := by
  induction l₁ generalizing i with
  | nil => rw [Nat.eq_zero_of_le_zero (n := i) h]; simp
  | cons a l ih => cases i with
    | zero => simp
    | succ i => simp only [length_cons] at h; rw [cons_append, take_succ_cons, take_succ_cons, ih (by omega)]
theorem take_left {l₁ l₂ : List α} : take l₁.length (l₁ ++ l₂) = l₁ := by
  rw [take_append_of_le_length (Nat.le_refl _), take_length]
theorem drop_left {l₁ l₂ : List α} : drop l₁.length (l₁ ++ l₂) = l₂ := by
  induction l₁ with
  | nil => simp
  | cons a l ih => exact ih
theorem drop_drop {i j : Nat} {l : List α} : drop i (drop j l) = drop (j + i) l := by
  induction j generalizing l with
  | zero => simp
  | succ j ih => cases l with
    | nil => simp
    | cons a l => rw [drop_succ_cons, ih, Nat.succ_add]; rfl
theorem mem_of_mem_take {a : α} {i : Nat} {l : List α} (h : a ∈ l.take i) : a ∈ l := by
  rw [← take_append_drop i l]; exact mem_append_left _ h
theorem mem_of_mem_drop {a : α} {i : Nat} {l : List α} (h : a ∈ l.drop i) : a ∈ l := by
  rw [← take_append_drop i l]; exact mem_append_right _ h
end List
