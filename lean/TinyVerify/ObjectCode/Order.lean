import TinyVerify.ObjectCode.Integers
/-!
# A choice by comparisons is right if it is right for every order

What compares accumulators sees nothing but their order, and `n` numbers have the order of some `n` numbers below `n`.
Main result: `Choice.isArgMax_spec`.
-/
namespace TinyVerify.ObjectCode

/-- Two lists whose first `n` elements stand in the same order. -/
def SameOrder (n : Nat) (x y : List Int) : Prop :=
  ∀ i j, i < n → j < n → (nth x i ≤ nth x j ↔ nth y i ≤ nth y j)

theorem strict_of_sameOrder {n : Nat} {x y : List Int} (h : SameOrder n x y) {i j : Nat} (hi : i < n) (hj : j < n) :
    nth x i < nth x j ↔ nth y i < nth y j := by
  have h1 := h j i hj hi
  omega

theorem signedBits_32 {z : Int} (h : Int32 z) : signedBits 32 z = z := by
  have e : half 32 = 2147483648 := by decide
  have e2 : ((2 ^ 32 : Nat) : Int) = 4294967296 := rfl
  have h1 := h.1
  have h2 := h.2
  unfold signedBits
  rw [e, e2]
  omega

theorem compare_spec {n : Nat} {x y : List Int} (ho : SameOrder n x y) {k : Int} (hk : k = 0 ∨ k = -1)
    {i j : Nat} (hi : i < n) (hj : j < n) : 0 ≤ nth x i - nth x j + k ↔ 0 ≤ nth y i - nth y j + k := by
  have h1 := ho j i hj hi
  have h2 := ho i j hi hj
  rcases hk with h | h
  · rw [h]
    omega
  · rw [h]
    omega

theorem shift_spec {k : Int} (h : (decide (k = 0) || decide (k = -1)) = true) : k = 0 ∨ k = -1 := by
  rcases or_split h with h' | h'
  · exact .inl (of_decide_eq_true h')
  · exact .inr (of_decide_eq_true h')

theorem Pick.eval_at {n : Nat} {x y : List Int} (hx : ∀ i, Int32 (nth x i)) (ho : SameOrder n x y) (p : Pick) :
    p.ok n = true → p.at y < n ∧ p.eval x = nth x (p.at y) := by
  induction p with
  | acc i => intro h; exact ⟨Nat.le_of_ble_eq_true h, rfl⟩
  | signed p bits ih =>
    intro h
    have h1 := and_split (a := Nat.beq bits 32) (b := p.ok n) h
    have h2 := ih h1.2
    refine ⟨h2.1, ?_⟩
    show signedBits bits (p.eval x) = nth x (p.at y)
    rw [Nat.eq_of_beq_eq_true h1.1, h2.2, signedBits_32 (hx _)]
  | atLeast p k ih =>
    intro h
    have h1 := and_split (a := eqInt k (-2147483648)) (b := p.ok n) h
    have h2 := ih h1.2
    have h3 := (hx (p.at y)).1
    refine ⟨h2.1, ?_⟩
    show Max.max (p.eval x) k = nth x (p.at y)
    rw [eqInt_spec h1.1, h2.2]
    omega
  | max p q ihp ihq =>
    intro h
    have h1 := and_split (a := p.ok n) (b := q.ok n) h
    have ep := ihp h1.1
    have eq := ihq h1.2
    have hc := ho (q.at y) (p.at y) eq.1 ep.1
    have l : (Pick.max p q).at y = if nth y (q.at y) ≤ nth y (p.at y) then p.at y else q.at y := rfl
    have r : (Pick.max p q).eval x = Max.max (p.eval x) (q.eval x) := rfl
    rw [l, r, ep.2, eq.2]
    by_cases c : nth y (q.at y) ≤ nth y (p.at y)
    · rw [if_pos c]
      exact ⟨ep.1, by have := hc.mpr c; omega⟩
    · rw [if_neg c]
      exact ⟨eq.1, by have : ¬ nth x (q.at y) ≤ nth x (p.at y) := fun c' => c (hc.mp c'); omega⟩
  | ite a b k p q iha ihb ihp ihq =>
    intro h
    have h1 := and_split (a := (decide (k = 0) || decide (k = -1))) (b := (a.ok n && (b.ok n && (p.ok n && q.ok n)))) h
    have h2 := and_split h1.2
    have h3 := and_split h2.2
    have h4 := and_split h3.2
    have ea := iha h2.1
    have eb := ihb h3.1
    have ep := ihp h4.1
    have eq := ihq h4.2
    have hc := compare_spec ho (shift_spec h1.1) ea.1 eb.1
    have l : (Pick.ite a b k p q).at y = if 0 ≤ nth y (a.at y) - nth y (b.at y) + k then p.at y else q.at y := rfl
    have r : (Pick.ite a b k p q).eval x = if 0 ≤ a.eval x - b.eval x + k then p.eval x else q.eval x := rfl
    rw [l, r, ea.2, eb.2]
    by_cases c : 0 ≤ nth y (a.at y) - nth y (b.at y) + k
    · rw [if_pos c, if_pos (hc.mpr c)]
      exact ep
    · rw [if_neg c, if_neg (fun c' => c (hc.mp c'))]
      exact eq

theorem apply_spec {f : Int → Int} {z : Option Int} {v : Int} (h : apply f z = some v) : ∃ w, z = some w ∧ f w = v := by
  cases z with
  | none => cases h
  | some w => exact ⟨w, rfl, Option.some.inj h⟩

theorem Choice.eval_at {n : Nat} {x y : List Int} (hx : ∀ i, Int32 (nth x i)) (ho : SameOrder n x y) (c : Choice) :
    c.ok n = true → ∀ v, c.at y = some v → c.eval x = v := by
  induction c with
  | const z => intro _ v hv; exact Option.some.inj hv
  | pick p => intro _ v hv; cases hv
  | affine c m k ih =>
    intro h v hv
    obtain ⟨w, hw, e⟩ := apply_spec hv
    show c.eval x * m + k = v
    rw [ih h w hw]
    exact e
  | signed c bits ih =>
    intro h v hv
    obtain ⟨w, hw, e⟩ := apply_spec hv
    show signedBits bits (c.eval x) = v
    rw [ih h w hw, e]
  | unsigned c bits ih =>
    intro h v hv
    obtain ⟨w, hw, e⟩ := apply_spec hv
    show unsignedBits bits (c.eval x) = v
    rw [ih h w hw, e]
  | ite a b k p q ihp ihq =>
    intro h v hv
    have h1 := and_split (a := (decide (k = 0) || decide (k = -1))) (b := (a.ok n && (b.ok n && (p.ok n && q.ok n)))) h
    have h2 := and_split h1.2
    have h3 := and_split h2.2
    have h4 := and_split h3.2
    have ea := Pick.eval_at hx ho a h2.1
    have eb := Pick.eval_at hx ho b h3.1
    have hc := compare_spec ho (shift_spec h1.1) ea.1 eb.1
    have l : (Choice.ite a b k p q).at y = if 0 ≤ nth y (a.at y) - nth y (b.at y) + k then p.at y else q.at y := rfl
    have r : (Choice.ite a b k p q).eval x = if 0 ≤ a.eval x - b.eval x + k then p.eval x else q.eval x := rfl
    rw [l] at hv
    rw [r, ea.2, eb.2]
    by_cases c : 0 ≤ nth y (a.at y) - nth y (b.at y) + k
    · rw [if_pos c] at hv
      rw [if_pos (hc.mpr c), ihp h4.1 v hv]
    · rw [if_neg c] at hv
      rw [if_neg (fun c' => c (hc.mp c')), ihq h4.2 v hv]

theorem nth_mem (zs : List Int) : ∀ i, i < zs.length → nth zs i ∈ zs := by
  induction zs with
  | nil => intro i hi; have : (([] : List Int).length) = 0 := rfl; omega
  | cons z zs ih =>
    intro i hi
    cases i with
    | zero => exact .head _
    | succ i => exact .tail _ (ih i (by have : (z :: zs).length = zs.length + 1 := rfl; omega))

/-- Two lists in the same order have the same arg max. -/
theorem argMax_sameOrder {x y : List Int} (hl : x.length = y.length) (ho : SameOrder x.length x y) :
    argMax x = argMax y := by
  cases x with
  | nil =>
    cases y with
    | nil => rfl
    | cons _ _ => cases hl
  | cons a as =>
    cases y with
    | nil => cases hl
    | cons b bs =>
      have lx := argMax_lt a as
      have ly := argMax_lt b bs
      rw [← hl] at ly
      have mx := nth_argMax a as
      have my := nth_argMax b bs
      rcases Nat.lt_trichotomy (argMax (a :: as)) (argMax (b :: bs)) with h | h | h
      · have h1 := argMax_first b bs _ h
        rw [← my] at h1
        have h2 := (strict_of_sameOrder ho lx ly).mpr h1
        have h3 := le_maximum (a :: as) _ (nth_mem (a :: as) _ ly)
        omega
      · exact h
      · have h1 := argMax_first a as _ h
        rw [← mx] at h1
        have h2 := (strict_of_sameOrder ho ly lx).mp h1
        rw [hl] at lx
        have h3 := le_maximum (b :: bs) _ (nth_mem (b :: bs) _ lx)
        omega

/-- How many elements of a list lie below `z`. -/
def rank (z : Int) : List Int → Int
  | [] => 0
  | y :: ys => (if y < z then 1 else 0) + rank z ys

theorem rank_range (z : Int) (ys : List Int) : 0 ≤ rank z ys ∧ rank z ys ≤ (ys.length : Int) := by
  induction ys with
  | nil => exact ⟨Int.le_refl 0, Int.le_refl 0⟩
  | cons y ys ih =>
    have e : rank z (y :: ys) = (if y < z then 1 else 0) + rank z ys := rfl
    have l : ((y :: ys).length : Int) = (ys.length : Int) + 1 := rfl
    rw [e, l]
    split <;> omega

theorem rank_mono {a b : Int} (h : a ≤ b) (ys : List Int) : rank a ys ≤ rank b ys := by
  induction ys with
  | nil => exact Int.le_refl 0
  | cons y ys ih =>
    have e1 : rank a (y :: ys) = (if y < a then 1 else 0) + rank a ys := rfl
    have e2 : rank b (y :: ys) = (if y < b then 1 else 0) + rank b ys := rfl
    rw [e1, e2]
    split <;> split <;> omega

theorem rank_strict {a b : Int} (h : a < b) {ys : List Int} (ha : a ∈ ys) : rank a ys < rank b ys := by
  induction ys with
  | nil => cases ha
  | cons y ys ih =>
    have e1 : rank a (y :: ys) = (if y < a then 1 else 0) + rank a ys := rfl
    have e2 : rank b (y :: ys) = (if y < b then 1 else 0) + rank b ys := rfl
    rw [e1, e2]
    cases ha with
    | head =>
      have h1 := rank_mono (Int.le_of_lt h) ys
      rw [if_neg (by omega), if_pos h]
      omega
    | tail _ hm =>
      have h1 := ih hm
      split <;> split <;> omega

theorem rank_below {a : Int} {ys : List Int} (ha : a ∈ ys) : rank a ys < (ys.length : Int) := by
  induction ys with
  | nil => cases ha
  | cons y ys ih =>
    have e : rank a (y :: ys) = (if y < a then 1 else 0) + rank a ys := rfl
    have l : ((y :: ys).length : Int) = (ys.length : Int) + 1 := rfl
    rw [e, l]
    cases ha with
    | head =>
      have h1 := rank_range a ys
      rw [if_neg (by omega)]
      omega
    | tail _ hm =>
      have h1 := ih hm
      split <;> omega

def ranks (x : List Int) : List Int := mapInt (fun z => rank z x) x

theorem length_mapInt (f : Int → Int) (zs : List Int) : (mapInt f zs).length = zs.length := by
  induction zs with
  | nil => rfl
  | cons z zs ih =>
    show (mapInt f zs).length + 1 = zs.length + 1
    rw [ih]

theorem ranks_sameOrder (x : List Int) : SameOrder x.length x (ranks x) := by
  intro i j hi hj
  have ei : nth (ranks x) i = rank (nth x i) x := nth_mapInt x i hi
  have ej : nth (ranks x) j = rank (nth x j) x := nth_mapInt x j hj
  rw [ei, ej]
  constructor
  · intro h
    exact rank_mono h x
  · intro h
    rcases Int.lt_or_le (nth x j) (nth x i) with h' | h'
    · have h1 := rank_strict h' (nth_mem x j hj)
      omega
    · exact h'

theorem mem_mapInt {f : Int → Int} {P : Int → Prop} {zs : List Int} (h : ∀ z ∈ zs, P (f z)) : ∀ r ∈ mapInt f zs, P r := by
  induction zs with
  | nil => intro r hr; cases hr
  | cons z zs ih =>
    intro r hr
    cases hr with
    | head => exact h z (.head _)
    | tail _ hm => exact ih (fun y hy => h y (.tail _ hy)) r hm

theorem mem_before_left {α : Type} {a : α} {as : List α} (h : a ∈ as) (bs : List α) : a ∈ before as bs := by
  induction as with
  | nil => cases h
  | cons c cs ih =>
    cases h with
    | head => exact .head _
    | tail _ hm => exact .tail _ (ih hm)

theorem mem_before_right {α : Type} {b : α} (as : List α) {bs : List α} (h : b ∈ bs) : b ∈ before as bs := by
  induction as with
  | nil => exact h
  | cons c cs ih => exact .tail _ ih

theorem mem_map_cons {z : Int} {t : List Int} {ts : List (List Int)} (h : t ∈ ts) :
    (z :: t) ∈ List.map (fun s => z :: s) ts := by
  induction ts with
  | nil => cases h
  | cons s ss ih =>
    cases h with
    | head => exact .head _
    | tail _ hm => exact .tail _ (ih hm)

theorem mem_prefixed {z : Int} {t : List Int} {tails : List (List Int)} {heads : List Int} (hz : z ∈ heads)
    (ht : t ∈ tails) : (z :: t) ∈ prefixed tails heads := by
  induction heads with
  | nil => cases hz
  | cons y ys ih =>
    cases hz with
    | head => exact mem_before_left (mem_map_cons ht) _
    | tail _ hm => exact mem_before_right _ (ih hm)

theorem mem_below {m : Nat} {z : Int} (h0 : 0 ≤ z) (h : z < (m : Int)) : z ∈ below m := by
  induction m with
  | zero => omega
  | succ m ih =>
    by_cases c : z = (m : Int)
    · rw [c]
      exact .head _
    · exact .tail _ (ih (by omega))

theorem mem_tuples {m : Nat} : ∀ (n : Nat) (t : List Int), t.length = n → (∀ z ∈ t, 0 ≤ z ∧ z < (m : Int)) →
    t ∈ tuples m n := by
  intro n
  induction n with
  | zero =>
    intro t hl _
    cases t with
    | nil => exact .head _
    | cons _ _ => cases hl
  | succ n ih =>
    intro t hl h
    cases t with
    | nil => cases hl
    | cons z zs =>
      have hz := h z (.head _)
      exact mem_prefixed (mem_below hz.1 hz.2) (ih zs (Nat.succ.inj hl) (fun y hy => h y (.tail _ hy)))

theorem ranks_mem (x : List Int) : ranks x ∈ tuples x.length x.length :=
  mem_tuples x.length (ranks x) (length_mapInt _ x) (mem_mapInt (fun z hz => ⟨(rank_range z x).1, rank_below hz⟩))

theorem Choice.isArgMax_spec {c : Choice} {x : List Int} (hx : ∀ i, Int32 (nth x i))
    (h : c.isArgMax x.length = true) : c.eval x = (argMax x : Nat) := by
  have h1 := and_split h
  have ho := ranks_sameOrder x
  have hl : (ranks x).length = x.length := length_mapInt _ x
  have h2 : isInt (argMax (ranks x) : Nat) (c.at (ranks x)) = true := all_spec h1.2 _ (ranks_mem x)
  cases hc : c.at (ranks x) with
  | none => rw [hc] at h2; cases h2
  | some v =>
    rw [hc] at h2
    rw [Choice.eval_at hx ho c h1.1 v hc, eqInt_spec (show eqInt v (argMax (ranks x) : Nat) = true from h2), argMax_sameOrder hl.symm ho]

end TinyVerify.ObjectCode
