import TinyVerify.ObjectCode.Features
import TinyVerify.ObjectCode.Order
/-!
# A running maximum is the largest accumulator

Main result: `Pick.isLargest_spec`.
-/
namespace TinyVerify.ObjectCode

theorem Pick.same_spec (p : Pick) : ∀ q : Pick, p.same q = true → p = q := by
  induction p with
  | acc i => intro q h; cases q <;> first | cases h | exact congrArg _ (Nat.eq_of_beq_eq_true h)
  | signed p k ih =>
    intro q h
    cases q <;> try cases h
    rename_i q l
    have h1 := and_split (a := Nat.beq k l) h
    rw [Nat.eq_of_beq_eq_true h1.1, ih _ h1.2]
  | atLeast p k ih =>
    intro q h
    cases q <;> try cases h
    rename_i q l
    have h1 := and_split (a := eqInt k l) h
    rw [eqInt_spec h1.1, ih _ h1.2]
  | max p q ihp ihq =>
    intro r h
    cases r <;> try cases h
    rename_i r s
    have h1 := and_split (a := p.same r) h
    rw [ihp _ h1.1, ihq _ h1.2]
  | ite a b k p q iha ihb ihp ihq =>
    intro r h
    cases r <;> try cases h
    rename_i c d l r s
    have h1 := and_split (a := eqInt k l) h
    have h2 := and_split (a := a.same c) h1.2
    have h3 := and_split (a := b.same d) h2.2
    have h4 := and_split (a := p.same r) h3.2
    rw [eqInt_spec h1.1, iha _ h2.1, ihb _ h3.1, ihp _ h4.1, ihq _ h4.2]

theorem Pick.bare_eval {x : List Int} (p : Pick) : Int32 (p.bare.eval x) → p.eval x = p.bare.eval x := by
  induction p with
  | acc i => intro _; rfl
  | max p q _ _ => intro _; rfl
  | ite a b k p q _ _ _ _ => intro _; rfl
  | signed p bits ih =>
    intro h
    unfold Pick.bare at h ⊢
    split at h
    · rename_i hb
      show signedBits bits (p.eval x) = _
      rw [Nat.eq_of_beq_eq_true hb, ih h, signedBits_32 h]
    · rfl
  | atLeast p k ih =>
    intro h
    unfold Pick.bare at h ⊢
    split at h
    · rename_i hb
      show Max.max (p.eval x) k = _
      have h1 := h.1
      rw [eqInt_spec hb, ih h]
      omega
    · rfl

theorem mem_of_before {i : Nat} {bs : List Nat} (as : List Nat) (h : i ∈ before as bs) : i ∈ as ∨ i ∈ bs := by
  induction as with
  | nil => exact .inr h
  | cons a as ih =>
    cases h with
    | head => exact .inl (.head _)
    | tail _ hm => exact (ih hm).imp (.tail _) id

/-- A number that is the largest of the accumulators with these indices. -/
def LargestOf (x : List Int) (list : List Nat) (z : Int) : Prop := (∀ i ∈ list, nth x i ≤ z) ∧ ∃ i, i ∈ list ∧ z = nth x i

theorem LargestOf.both {x : List Int} {as bs : List Nat} {y z : Int} (hy : LargestOf x as y) (hz : LargestOf x bs z) :
    LargestOf x (before as bs) (Max.max y z) := by
  refine ⟨?_, ?_⟩
  · intro i hi
    rcases mem_of_before as hi with h1 | h1
    · have := hy.1 i h1; omega
    · have := hz.1 i h1; omega
  · by_cases c : z ≤ y
    · obtain ⟨i, hi, e⟩ := hy.2
      exact ⟨i, mem_before_left hi _, by omega⟩
    · obtain ⟨i, hi, e⟩ := hz.2
      exact ⟨i, mem_before_right _ hi, by omega⟩

theorem Pick.among_spec {x : List Int} (hx : ∀ i, Int32 (nth x i)) (p : Pick) :
    ∀ {l : List Nat}, p.among = some l → LargestOf x l (p.eval x) ∧ p.bare.eval x = p.eval x := by
  have word : ∀ {l : List Nat} {z : Int}, LargestOf x l z → Int32 z := by
    intro l z h
    obtain ⟨i, _, e⟩ := h.2
    rw [e]
    exact hx i
  induction p with
  | acc i =>
    intro l h
    rw [← Option.some.inj h]
    refine ⟨⟨?_, ⟨i, .head _, rfl⟩⟩, rfl⟩
    intro j hj
    cases hj with
    | head => exact Int.le_refl _
    | tail _ hm => cases hm
  | signed p bits ih =>
    intro l h
    have ea : (Pick.signed p bits).among = match Nat.beq bits 32 with
      | true => p.among
      | false => none := rfl
    have eb : (Pick.signed p bits).bare = match Nat.beq bits 32 with
      | true => p.bare
      | false => .signed p bits := rfl
    rw [ea] at h
    rw [eb]
    cases hb : Nat.beq bits 32 with
    | false => rw [hb] at h; cases h
    | true =>
      rw [hb] at h
      have h1 := ih h
      have e : signedBits bits (p.eval x) = p.eval x := by rw [Nat.eq_of_beq_eq_true hb]; exact signedBits_32 (word h1.1)
      show LargestOf x l (signedBits bits (p.eval x)) ∧ p.bare.eval x = signedBits bits (p.eval x)
      rw [e]
      exact h1
  | atLeast p k ih =>
    intro l h
    have ea : (Pick.atLeast p k).among = match eqInt k (-2147483648) with
      | true => p.among
      | false => none := rfl
    have eb : (Pick.atLeast p k).bare = match eqInt k (-2147483648) with
      | true => p.bare
      | false => .atLeast p k := rfl
    rw [ea] at h
    rw [eb]
    cases hb : eqInt k (-2147483648) with
    | false => rw [hb] at h; cases h
    | true =>
      rw [hb] at h
      have h1 := ih h
      have h2 := (word h1.1).1
      have e : Max.max (p.eval x) k = p.eval x := by rw [eqInt_spec hb]; omega
      show LargestOf x l (Max.max (p.eval x) k) ∧ p.bare.eval x = Max.max (p.eval x) k
      rw [e]
      exact h1
  | max p q ihp ihq =>
    intro l h
    obtain ⟨as, bs, ha, hb, e⟩ := both_spec h
    rw [e]
    exact ⟨(ihp ha).1.both (ihq hb).1, rfl⟩
  | ite a b k p q _ _ ihp ihq =>
    intro l h
    refine ⟨?_, rfl⟩
    unfold Pick.among at h
    split at h
    · rename_i hc
      have h1 := and_split hc
      have h2 := and_split h1.2
      obtain ⟨as, bs, ha, hb, e⟩ := both_spec h
      have hp := ihp ha
      have hq := ihq hb
      have ea : a.eval x = p.eval x := by
        have e := Pick.same_spec _ _ h2.1
        rw [Pick.bare_eval a (by rw [e, hp.2]; exact word hp.1), e, hp.2]
      have eb : b.eval x = q.eval x := by
        have e := Pick.same_spec _ _ h2.2
        rw [Pick.bare_eval b (by rw [e, hq.2]; exact word hq.1), e, hq.2]
      have larger : (Pick.ite a b k p q).eval x = Max.max (p.eval x) (q.eval x) := by
        show (if 0 ≤ a.eval x - b.eval x + k then p.eval x else q.eval x) = _
        rw [ea, eb]
        rcases shift_spec h1.1 with hk | hk
        · rw [hk]; split <;> omega
        · rw [hk]; split <;> omega
      rw [larger, e]
      exact hp.1.both hq.1
    · cases h

theorem mem_of_holdsNat {i : Nat} {list : List Nat} (h : holdsNat i list = true) : i ∈ list := by
  induction list with
  | nil => cases h
  | cons j js ih =>
    rcases or_split (a := Nat.beq i j) h with h1 | h1
    · rw [Nat.eq_of_beq_eq_true h1]
      exact .head _
    · exact .tail _ (ih h1)

theorem Pick.isLargest_spec {p : Pick} {z : Int} {zs : List Int} (hx : ∀ i, Int32 (nth (z :: zs) i))
    (h : p.isLargest (z :: zs).length = true) : p.eval (z :: zs) = maximum (z :: zs) := by
  unfold Pick.isLargest at h
  split at h
  · rename_i l ha
    have h1 := and_split h
    have hl := (Pick.among_spec hx p ha).1
    have h2 := hl.1 _ (mem_of_holdsNat (coversBelow_spec h1.2 _ (argMax_lt z zs)))
    rw [nth_argMax] at h2
    obtain ⟨i, hi, e⟩ := hl.2
    have h3 := le_maximum (z :: zs) _ (nth_mem (z :: zs) i (Nat.le_of_ble_eq_true (all_spec h1.1 i hi)))
    omega
  · cases h

end TinyVerify.ObjectCode
