prelude
import Init.Data.Ext
import Init.List.Lemmas
/-! Folds, sums, zips, ranges, indexing, permutations, pairs of elements. Mirrors Lean's `Data.List.Lemmas`,
`Data.List.Zip`, `Data.List.Range`, `Data.List.Perm` and `Data.List.Pairwise`. -/
set_option autoImplicit false
set_option linter.all false
universe u v w
instance instZeroNat : Zero Nat := ⟨0⟩
instance Int.instZero : Zero Int := ⟨0⟩
namespace List
variable {α : Type u} {β : Type v} {γ : Type w}

/-! ### folds -/
@[simp] theorem foldl_nil {f : β → α → β} {b : β} : foldl f b [] = b := rfl
@[simp] theorem foldl_cons {f : β → α → β} {a : α} {l : List α} {b : β} : foldl f b (a :: l) = foldl f (f b a) l := rfl
@[simp] theorem foldr_nil {f : α → β → β} {b : β} : foldr f b [] = b := rfl
@[simp] theorem foldr_cons {f : α → β → β} {a : α} {l : List α} {b : β} : foldr f b (a :: l) = f a (foldr f b l) := rfl
@[simp] theorem foldl_append {f : β → α → β} {b : β} {l l' : List α} : foldl f b (l ++ l') = foldl f (foldl f b l) l' := by
  induction l generalizing b with
  | nil => rfl
  | cons a l ih => exact ih
@[simp] theorem foldr_append {f : α → β → β} {b : β} {l l' : List α} : foldr f b (l ++ l') = foldr f (foldr f b l') l := by
  induction l with
  | nil => rfl
  | cons a l ih => exact congrArg (f a) ih
theorem foldl_map {f : γ → α} {g : β → α → β} {l : List γ} {init : β} : (l.map f).foldl g init = l.foldl (fun x y => g x (f y)) init := by
  induction l generalizing init with
  | nil => rfl
  | cons a l ih => exact ih
theorem foldr_map {f : γ → α} {g : α → β → β} {l : List γ} {init : β} : (l.map f).foldr g init = l.foldr (fun x y => g (f x) y) init := by
  induction l with
  | nil => rfl
  | cons a l ih => exact congrArg (g (f a)) ih
theorem foldl_reverse {l : List α} {f : β → α → β} {b : β} : l.reverse.foldl f b = l.foldr (fun x y => f y x) b := by
  induction l with
  | nil => rfl
  | cons a l ih => rw [reverse_cons, foldl_append, ih]; rfl

/-! ### sums -/
@[simp] theorem sum_nil [Add α] [Zero α] : ([] : List α).sum = Zero.zero := rfl
@[simp] theorem sum_cons [Add α] [Zero α] {a : α} {l : List α} : (a :: l).sum = a + l.sum := rfl
theorem sum_append_int {l₁ l₂ : List Int} : (l₁ ++ l₂).sum = l₁.sum + l₂.sum := by
  induction l₁ with
  | nil => exact (Int.zero_add _).symm
  | cons a l ih => rw [cons_append, sum_cons, sum_cons, ih, Int.add_assoc]
theorem sum_append_nat {l₁ l₂ : List Nat} : (l₁ ++ l₂).sum = l₁.sum + l₂.sum := by
  induction l₁ with
  | nil => exact (Nat.zero_add _).symm
  | cons a l ih => rw [cons_append, sum_cons, sum_cons, ih, Nat.add_assoc]
theorem foldl_add_eq_int (l : List Int) (b : Int) : l.foldl (· + ·) b = b + l.sum := by
  induction l generalizing b with
  | nil => exact (Int.add_zero b).symm
  | cons a l ih => rw [foldl_cons, ih, sum_cons, Int.add_assoc]
theorem foldl_add_eq_nat (l : List Nat) (b : Nat) : l.foldl (· + ·) b = b + l.sum := by
  induction l generalizing b with
  | nil => rfl
  | cons a l ih => rw [foldl_cons, ih, sum_cons, Nat.add_assoc]

/-! ### zips -/
@[simp] theorem zipWith_nil_left {f : α → β → γ} {l : List β} : zipWith f [] l = [] := rfl
@[simp] theorem zipWith_nil_right {f : α → β → γ} {l : List α} : zipWith f l [] = [] := by cases l <;> rfl
@[simp] theorem zipWith_cons_cons {f : α → β → γ} {a : α} {as : List α} {b : β} {bs : List β} :
    zipWith f (a :: as) (b :: bs) = f a b :: zipWith f as bs := rfl
@[simp] theorem length_zipWith {f : α → β → γ} {l₁ : List α} {l₂ : List β} :
    (zipWith f l₁ l₂).length = min l₁.length l₂.length := by
  induction l₁ generalizing l₂ with
  | nil => simp
  | cons a l ih => cases l₂ with
    | nil => simp
    | cons b l₂ => simp only [zipWith_cons_cons, length_cons, ih]; omega
@[simp] theorem zip_nil_left {l : List β} : zip ([] : List α) l = [] := rfl
@[simp] theorem zip_nil_right {l : List α} : zip l ([] : List β) = [] := zipWith_nil_right
@[simp] theorem zip_cons_cons {a : α} {as : List α} {b : β} {bs : List β} : zip (a :: as) (b :: bs) = (a, b) :: zip as bs := rfl
@[simp] theorem length_zip {l₁ : List α} {l₂ : List β} : (zip l₁ l₂).length = min l₁.length l₂.length := length_zipWith
theorem zipWith_append {f : α → β → γ} {l₁ l₁' : List α} {l₂ l₂' : List β} (h : l₁.length = l₂.length) :
    zipWith f (l₁ ++ l₁') (l₂ ++ l₂') = zipWith f l₁ l₂ ++ zipWith f l₁' l₂' := by
  induction l₁ generalizing l₂ with
  | nil => cases l₂ with
    | nil => rfl
    | cons b l₂ => exact Nat.noConfusion h
  | cons a l ih => cases l₂ with
    | nil => exact Nat.noConfusion h
    | cons b l₂ => rw [cons_append, cons_append, zipWith_cons_cons, ih (Nat.succ.inj h)]; rfl
theorem of_mem_zip {a : α} {b : β} {l₁ : List α} {l₂ : List β} (h : (a, b) ∈ zip l₁ l₂) : a ∈ l₁ ∧ b ∈ l₂ := by
  induction l₁ generalizing l₂ with
  | nil => cases h
  | cons x l ih => cases l₂ with
    | nil => cases h
    | cons y l₂ =>
      rw [zip_cons_cons, mem_cons] at h
      rcases h with h | h
      · cases h; exact ⟨mem_cons_self, mem_cons_self⟩
      · exact ⟨mem_cons_of_mem _ (ih h).1, mem_cons_of_mem _ (ih h).2⟩
theorem map_zipWith {δ : Type u} {f : γ → δ} {g : α → β → γ} {l : List α} {l' : List β} :
    map f (zipWith g l l') = zipWith (fun x y => f (g x y)) l l' := by
  induction l generalizing l' with
  | nil => rfl
  | cons a l ih => cases l' with
    | nil => rfl
    | cons b l' => exact congrArg _ ih

/-! ### ranges -/
theorem range_loop_eq (n : Nat) (l : List Nat) : range.loop n l = range.loop n [] ++ l := by
  induction n generalizing l with
  | zero => rfl
  | succ n ih => simp only [range.loop]; rw [ih (n :: l), ih [n], append_assoc]; rfl
@[simp] theorem range_zero : range 0 = [] := rfl
theorem range_succ {n : Nat} : range (n + 1) = range n ++ [n] := range_loop_eq n [n]
@[simp] theorem length_range {n : Nat} : (range n).length = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [range_succ, length_append, ih]; rfl
@[simp] theorem mem_range {m n : Nat} : m ∈ range n ↔ m < n := by
  induction n with
  | zero => simp
  | succ n ih => rw [range_succ, mem_append, ih, mem_singleton]; omega

/-! ### flattening -/
@[simp] theorem flatten_nil : (flatten [] : List α) = [] := rfl
@[simp] theorem flatten_cons {l : List α} {ls : List (List α)} : flatten (l :: ls) = l ++ flatten ls := rfl
@[simp] theorem mem_flatten {a : α} {L : List (List α)} : a ∈ L.flatten ↔ ∃ l, l ∈ L ∧ a ∈ l := by
  induction L with
  | nil => simp
  | cons l L ih =>
    rw [flatten_cons, mem_append, ih]
    exact ⟨fun h => h.elim (fun h => ⟨l, mem_cons_self, h⟩) (fun ⟨x, hx, h⟩ => ⟨x, mem_cons_of_mem l hx, h⟩),
      fun ⟨x, hx, h⟩ => (mem_cons.mp hx).elim (fun e => .inl (e ▸ h)) (fun hx => .inr ⟨x, hx, h⟩)⟩
theorem length_flatten {L : List (List α)} : L.flatten.length = (L.map length).sum := by
  induction L with
  | nil => rfl
  | cons l L ih => rw [flatten_cons, length_append, ih, map_cons, sum_cons]

/-! ### pairs of elements -/
@[simp] theorem pairwise_nil {R : α → α → Prop} : Pairwise R [] := .nil
@[simp] theorem pairwise_cons {R : α → α → Prop} {a : α} {l : List α} :
    Pairwise R (a :: l) ↔ (∀ a', a' ∈ l → R a a') ∧ Pairwise R l :=
  ⟨fun h => by cases h with | cons h₁ h₂ => exact ⟨h₁, h₂⟩, fun h => .cons h.1 h.2⟩
instance instDecidablePairwise {R : α → α → Prop} [DecidableRel R] : ∀ l : List α, Decidable (Pairwise R l)
  | [] => isTrue .nil
  | a :: l => match (inferInstance : Decidable (∀ a', a' ∈ l → R a a')), instDecidablePairwise l with
    | isTrue h, isTrue h' => isTrue (.cons h h')
    | isFalse h, _ => isFalse (fun x => h (pairwise_cons.mp x).1)
    | _, isFalse h => isFalse (fun x => h (pairwise_cons.mp x).2)

/-! ### permutations -/
namespace Perm
@[refl] protected theorem refl : ∀ l : List α, l ~ l
  | [] => .nil
  | a :: l => .cons a (Perm.refl l)
@[symm] protected theorem symm {l₁ l₂ : List α} (h : l₁ ~ l₂) : l₂ ~ l₁ := by
  induction h with
  | nil => exact .nil
  | cons x _ ih => exact .cons x ih
  | swap x y l => exact .swap y x l
  | trans _ _ ih₁ ih₂ => exact .trans ih₂ ih₁
theorem length_eq {l₁ l₂ : List α} (h : l₁ ~ l₂) : l₁.length = l₂.length := by
  induction h with
  | nil => rfl
  | cons x _ ih => exact congrArg (· + 1) ih
  | swap x y l => rfl
  | trans _ _ ih₁ ih₂ => exact ih₁.trans ih₂
theorem mem_iff {a : α} {l₁ l₂ : List α} (h : l₁ ~ l₂) : a ∈ l₁ ↔ a ∈ l₂ := by
  induction h with
  | nil => exact Iff.rfl
  | cons x _ ih => rw [mem_cons, mem_cons, ih]
  | swap x y l => simp only [mem_cons]; exact or_left_comm'
  | trans _ _ ih₁ ih₂ => exact ih₁.trans ih₂
where or_left_comm' {p q r : Prop} : p ∨ q ∨ r ↔ q ∨ p ∨ r :=
  ⟨fun h => h.elim (.inr ∘ .inl) (fun h => h.elim .inl (.inr ∘ .inr)), fun h => h.elim (.inr ∘ .inl) (fun h => h.elim .inl (.inr ∘ .inr))⟩
theorem sum_int {l₁ l₂ : List Int} (h : l₁ ~ l₂) : l₁.sum = l₂.sum := by
  induction h with
  | nil => rfl
  | cons x _ ih => rw [sum_cons, sum_cons, ih]
  | swap x y l => simp only [sum_cons]; omega
  | trans _ _ ih₁ ih₂ => exact ih₁.trans ih₂
theorem map (f : α → β) {l₁ l₂ : List α} (h : l₁ ~ l₂) : l₁.map f ~ l₂.map f := by
  induction h with
  | nil => exact .nil
  | cons x _ ih => exact .cons _ ih
  | swap x y l => exact .swap _ _ _
  | trans _ _ ih₁ ih₂ => exact .trans ih₁ ih₂
end Perm
end List

/-! ### indexing: `xs[i]`, `xs[i]?`, `xs[i]!` -/
class GetElem (coll : Type u) (idx : Type v) (elem : outParam (Type w)) (valid : outParam (coll → idx → Prop)) where
  getElem (xs : coll) (i : idx) (h : valid xs i) : elem
export GetElem (getElem)
class GetElem? (coll : Type u) (idx : Type v) (elem : outParam (Type w)) (valid : outParam (coll → idx → Prop))
    extends GetElem coll idx elem valid where
  getElem? : coll → idx → Option elem
  getElem! [Inhabited elem] (xs : coll) (i : idx) : elem := match getElem? xs i with | some e => e | none => default
export GetElem? (getElem? getElem!)
syntax:max term noWs "[" withoutPosition(term) "]" : term
syntax:max term noWs "[" withoutPosition(term) "]" noWs "?" : term
syntax:max term noWs "[" withoutPosition(term) "]" noWs "!" : term
macro "get_elem_tactic" : tactic => `(tactic| first
  | assumption
  | omega
  | (simp; done)
  | (simp; omega)
  | (simp_all; done)
  | (simp_all; omega)
  | fail "cannot prove that the index is in range: prove it with `have`, or use `xs[i]?` or `xs[i]!`")
syntax:max term noWs "[" withoutPosition(term) "]'" term:max : term
macro_rules | `($x[$i]'$h) => `(getElem $x $i $h)
macro_rules | `($x[$i]) => `(getElem $x $i (by get_elem_tactic))
macro_rules | `($x[$i]?) => `(getElem? $x $i)
macro_rules | `($x[$i]!) => `(getElem! $x $i)
@[app_unexpander GetElem.getElem] def Lean.PrettyPrinter.unexpandGetElem : Lean.PrettyPrinter.Unexpander
  | `($_ $xs $i $_) => `($xs[$i])
  | _ => Lean.PrettyPrinter.fallback
@[app_unexpander GetElem?.getElem?] def Lean.PrettyPrinter.unexpandGetElem? : Lean.PrettyPrinter.Unexpander
  | `($_ $xs $i) => `($xs[$i]?)
  | _ => Lean.PrettyPrinter.fallback
@[app_unexpander GetElem?.getElem!] def Lean.PrettyPrinter.unexpandGetElem! : Lean.PrettyPrinter.Unexpander
  | `($_ $xs $i) => `($xs[$i]!)
  | _ => Lean.PrettyPrinter.fallback
namespace List
variable {α : Type u} {β : Type v}
instance instGetElemNat : GetElem (List α) Nat α (fun as i => i < as.length) := ⟨fun as i h => as.get ⟨i, h⟩⟩
instance instGetElem?Nat : GetElem? (List α) Nat α (fun as i => i < as.length) where
  getElem? := get?Internal
@[simp] theorem getElem_cons_zero {a : α} {as : List α} (h : 0 < (a :: as).length) : getElem (a :: as) 0 h = a := rfl
@[simp] theorem getElem_cons_succ {a : α} {as : List α} {i : Nat} (h : i + 1 < (a :: as).length) :
    getElem (a :: as) (i + 1) h = getElem as i (Nat.lt_of_succ_lt_succ h) := rfl
@[simp] theorem getElem?_nil {i : Nat} : ([] : List α)[i]? = none := by cases i <;> rfl
@[simp] theorem getElem?_cons_zero {a : α} {as : List α} : (a :: as)[0]? = some a := rfl
@[simp] theorem getElem?_cons_succ {a : α} {as : List α} {i : Nat} : (a :: as)[i + 1]? = as[i]? := rfl
theorem getElem?_eq_getElem {l : List α} {i : Nat} (h : i < l.length) : l[i]? = some l[i] := by
  induction l generalizing i with
  | nil => exact absurd h (Nat.not_lt_zero i)
  | cons a l ih => cases i with
    | zero => rfl
    | succ i => exact ih (Nat.lt_of_succ_lt_succ h)
theorem getElem?_eq_none {l : List α} {i : Nat} (h : l.length ≤ i) : l[i]? = none := by
  induction l generalizing i with
  | nil => simp
  | cons a l ih => cases i with
    | zero => exact absurd h (Nat.not_succ_le_zero _)
    | succ i => exact ih (Nat.le_of_succ_le_succ h)
@[simp] theorem getElem_mem {l : List α} {i : Nat} (h : i < l.length) : l[i] ∈ l := by
  induction l generalizing i with
  | nil => exact absurd h (Nat.not_lt_zero i)
  | cons a l ih => cases i with
    | zero => exact mem_cons_self
    | succ i => exact mem_cons_of_mem a (ih (Nat.lt_of_succ_lt_succ h))
@[simp] theorem getElem_map (f : α → β) {l : List α} {i : Nat} {h : i < (map f l).length} :
    getElem (map f l) i h = f (l[i]'(by rw [length_map] at h; exact h)) := by
  induction l generalizing i with
  | nil => exact absurd h (Nat.not_lt_zero i)
  | cons a l ih => cases i with
    | zero => rfl
    | succ i => exact ih
@[simp] theorem getElem?_map (f : α → β) {l : List α} {i : Nat} : (map f l)[i]? = (l[i]?).map f := by
  induction l generalizing i with
  | nil => simp; rfl
  | cons a l ih => cases i with
    | zero => rfl
    | succ i => exact ih
end List
