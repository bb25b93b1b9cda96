import TinyVerify.ObjectCode.Forms
/-!
# Tidying an expression does not change its value

Main results: `Expr.tidy_eval`, `Expr.agrees_spec`.
-/
namespace TinyVerify.ObjectCode

theorem Expr.same_spec (e : Expr) : ∀ {f : Expr}, e.same f = true → e = f := by
  induction e with
  | value i => intro f h; cases f <;> first | cases h | exact congrArg _ (Nat.eq_of_beq_eq_true h)
  | dot n w =>
    intro f h
    cases f <;> try cases h
    rename_i m v
    have h' := and_split (a := Nat.beq n m) (b := Nat.beq w v) h
    rw [Nat.eq_of_beq_eq_true h'.1, Nat.eq_of_beq_eq_true h'.2]
  | const a => intro f h; cases f <;> first | cases h | exact congrArg _ (eqInt_spec h)
  | add e k ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l
    have h' := and_split (a := e.same f) (b := eqInt k l) h
    rw [ih h'.1, eqInt_spec h'.2]
  | mul e k ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l
    have h' := and_split (a := e.same f) (b := eqInt k l) h
    rw [ih h'.1, eqInt_spec h'.2]
  | floor e k ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l
    have h' := and_split (a := e.same f) (b := Nat.beq k l) h
    rw [ih h'.1, Nat.eq_of_beq_eq_true h'.2]
  | signed e k ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l
    have h' := and_split (a := e.same f) (b := Nat.beq k l) h
    rw [ih h'.1, Nat.eq_of_beq_eq_true h'.2]
  | unsigned e k ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l
    have h' := and_split (a := e.same f) (b := Nat.beq k l) h
    rw [ih h'.1, Nat.eq_of_beq_eq_true h'.2]
  | clamp e lo hi ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l r
    have h' := and_split (a := e.same f) (b := eqInt lo l && eqInt hi r) h
    have h'' := and_split h'.2
    rw [ih h'.1, eqInt_spec h''.1, eqInt_spec h''.2]
  | max e k ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l
    have h' := and_split (a := e.same f) (b := eqInt k l) h
    rw [ih h'.1, eqInt_spec h'.2]
  | min e k ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l
    have h' := and_split (a := e.same f) (b := eqInt k l) h
    rw [ih h'.1, eqInt_spec h'.2]
  | select c m k a b _ _ _ => intro f h; cases f <;> cases h
  | join a b iha ihb =>
    intro f h
    cases f <;> try cases h
    rename_i c d
    have h' := and_split (a := a.same c) (b := b.same d) h
    rw [iha h'.1, ihb h'.2]
  | carry a b k iha ihb =>
    intro f h
    cases f <;> try cases h
    rename_i c d l
    have h' := and_split (a := a.same c) (b := b.same d && eqInt k l) h
    have h'' := and_split h'.2
    rw [iha h'.1, ihb h''.1, eqInt_spec h''.2]
  | plus a b iha ihb =>
    intro f h
    cases f <;> try cases h
    rename_i c d
    have h' := and_split (a := a.same c) (b := b.same d) h
    rw [iha h'.1, ihb h'.2]

theorem given_eval {x : List Int} {c : Expr} {m k : Int} {truth : Bool}
    (ht : (0 ≤ c.eval x * m + k) ↔ truth = true) (e : Expr) : (given c m k truth e).eval x = e.eval x := by
  induction e with
  | select d n l a b _ _ _ =>
    unfold given
    cases hs : c.same d && (eqInt m n && eqInt k l) with
    | false => rfl
    | true =>
      have h1 := and_split hs
      have h2 := and_split h1.2
      have e1 := Expr.same_spec c h1.1
      have e2 := eqInt_spec h2.1
      have e3 := eqInt_spec h2.2
      rw [e1, e2, e3] at ht
      have r : (Expr.select d n l a b).eval x = if 0 ≤ d.eval x * n + l then a.eval x else b.eval x := rfl
      rw [r]
      cases truth with
      | true => rw [if_pos (ht.mpr rfl)]
      | false => rw [if_neg (fun h => by cases ht.mp h)]
  | signed e bits ih =>
    show signedBits bits ((given c m k truth e).eval x) = signedBits bits (e.eval x)
    rw [ih]
  | _ => rfl

theorem two_pow_add (m n : Nat) : ((2 ^ (m + n) : Nat) : Int) = ((2 ^ m : Nat) : Int) * ((2 ^ n : Nat) : Int) := by
  rw [Nat.pow_add]
  exact Int.natCast_mul _ _

/-- Numbers that differ by a multiple of `2^bits` have the same low bits. -/
theorem signedBits_add_mul (bits : Nat) (z q : Int) : signedBits bits (z + q * ((2 ^ bits : Nat) : Int)) = signedBits bits z := by
  have h := asr_add_mul (z + half bits) q bits
  have e1 := emod_of_asr (z := z + half bits + q * ((2 ^ bits : Nat) : Int)) h
  have e2 := emod_of_asr (z := z + half bits) (n := bits) rfl
  have e3 : z + q * ((2 ^ bits : Nat) : Int) + half bits = z + half bits + q * ((2 ^ bits : Nat) : Int) := by omega
  unfold signedBits
  rw [e3, e1, e2, Int.add_mul]
  omega

theorem signedBits_unsigned {width k bits : Nat} (h : k + bits ≤ width) (z : Int) :
    signedBits bits (asr (unsignedBits width z) k) = signedBits bits (asr z k) := by
  obtain ⟨d, hd⟩ := Nat.le.dest h
  have e := emod_of_asr (z := z) (n := width) rfl
  have e1 : unsignedBits width z = z + -(asr z width * ((2 ^ d : Nat) : Int)) * ((2 ^ bits : Nat) : Int) * ((2 ^ k : Nat) : Int) := by
    unfold unsignedBits
    rw [e, ← hd, two_pow_add, two_pow_add]
    have a1 : asr z (k + bits + d) * (((2 ^ k : Nat) : Int) * ((2 ^ bits : Nat) : Int) * ((2 ^ d : Nat) : Int)) =
        asr z (k + bits + d) * ((2 ^ d : Nat) : Int) * ((2 ^ bits : Nat) : Int) * ((2 ^ k : Nat) : Int) := by
      ac_rfl
    rw [a1, Int.neg_mul, Int.neg_mul]
    omega
  rw [e1, asr_add_mul, signedBits_add_mul]

theorem asr_wrap {bits width : Nat} (h : bits ≤ width) (z more : Int) :
    ∃ q : Int, z = (z + more) % ((2 ^ width : Nat) : Int) - more + q * ((2 ^ bits : Nat) : Int) := by
  obtain ⟨d, hd⟩ := Nat.le.dest h
  have e := emod_of_asr (z := z + more) (n := width) rfl
  refine ⟨asr (z + more) width * ((2 ^ d : Nat) : Int), ?_⟩
  have e1 : asr (z + more) width * ((2 ^ width : Nat) : Int) =
      asr (z + more) width * ((2 ^ d : Nat) : Int) * ((2 ^ bits : Nat) : Int) := by
    have e2 : ((2 ^ width : Nat) : Int) = ((2 ^ d : Nat) : Int) * ((2 ^ bits : Nat) : Int) := by
      rw [← two_pow_add, Nat.add_comm, hd]
    rw [Int.mul_assoc, ← e2]
  rw [e, e1]
  omega

/-- What is left of a number differs from it by a multiple of `2^bits`. -/
theorem Expr.loose_eval (x : List Int) (bits : Nat) (e : Expr) :
    ∃ q : Int, (e.loose bits).eval x = e.eval x + q * ((2 ^ bits : Nat) : Int) := by
  have same : ∀ e : Expr, ∃ q : Int, e.eval x = e.eval x + q * ((2 ^ bits : Nat) : Int) := fun e =>
    ⟨0, by rw [Int.zero_mul]; omega⟩
  induction e with
  | signed d width ih =>
    unfold Expr.loose
    cases h : Nat.ble bits width with
    | false => exact same _
    | true =>
      obtain ⟨q, hq⟩ := ih
      obtain ⟨r, hr⟩ := asr_wrap (Nat.le_of_ble_eq_true h) (d.eval x) (half width)
      have e : (Expr.signed d width).eval x = (d.eval x + half width) % ((2 ^ width : Nat) : Int) - half width := rfl
      refine ⟨r + q, ?_⟩
      show (d.loose bits).eval x = _
      rw [hq, e, Int.add_mul]
      omega
  | unsigned d width ih =>
    unfold Expr.loose
    cases h : Nat.ble bits width with
    | false => exact same _
    | true =>
      obtain ⟨q, hq⟩ := ih
      obtain ⟨r, hr⟩ := asr_wrap (Nat.le_of_ble_eq_true h) (d.eval x) 0
      have e : (Expr.unsigned d width).eval x = d.eval x % ((2 ^ width : Nat) : Int) := rfl
      refine ⟨r + q, ?_⟩
      show (d.loose bits).eval x = _
      rw [Int.add_zero] at hr
      rw [hq, e, Int.add_mul]
      omega
  | _ => exact same _

theorem Expr.cut_eval (x : List Int) (e : Expr) (bits : Nat) : (e.cut bits).eval x = signedBits bits (e.eval x) := by
  unfold Expr.cut
  split
  · rename_i d width k
    cases h : Nat.ble (Nat.add k bits) width with
    | true => exact (signedBits_unsigned (Nat.le_of_ble_eq_true h) (d.eval x)).symm
    | false => rfl
  · rename_i d k
    obtain ⟨q, hq⟩ := Expr.loose_eval x bits d
    show signedBits bits ((d.loose bits).eval x + k) = signedBits bits (d.eval x + k)
    have e : d.eval x + q * ((2 ^ bits : Nat) : Int) + k = d.eval x + k + q * ((2 ^ bits : Nat) : Int) := by omega
    rw [hq, e, signedBits_add_mul]
  · rfl

theorem asr_mul (z : Int) (k : Nat) : asr (z * ((2 ^ k : Nat) : Int)) k = z := by
  have h := asr_add_mul 0 z k
  have hp := two_pow_pos k
  have e : asr 0 k = 0 := ediv_unique hp (by omega) (by omega)
  rw [Int.zero_add, e, Int.zero_add] at h
  exact h

theorem half_add {b : Nat} (hb : 1 ≤ b) (k : Nat) : half (b + k) = half b * ((2 ^ k : Nat) : Int) := by
  have h1 := two_mul_half (k := b + k) (by omega)
  have h2 := two_mul_half hb
  rw [two_pow_add, ← h2, Int.mul_assoc] at h1
  omega

theorem signedBits_shift {b : Nat} (hb : 1 ≤ b) (k : Nat) (z : Int) :
    signedBits (b + k) (z * ((2 ^ k : Nat) : Int)) = signedBits b z * ((2 ^ k : Nat) : Int) := by
  have e1 : z * ((2 ^ k : Nat) : Int) + half (b + k) = (z + half b) * ((2 ^ k : Nat) : Int) := by
    rw [half_add hb, Int.add_mul]
  have e2 : asr ((z + half b) * ((2 ^ k : Nat) : Int)) (b + k) = asr (z + half b) b := by
    have h := asr_asr ((z + half b) * ((2 ^ k : Nat) : Int)) k b
    rw [asr_mul, Nat.add_comm] at h
    exact h.symm
  have e3 := emod_of_asr e2
  have e4 := emod_of_asr (z := z + half b) (n := b) rfl
  unfold signedBits
  rw [e1, e3, e4, half_add hb, two_pow_add, Int.sub_mul, Int.sub_mul, Int.mul_assoc]

theorem extend_eq {width k : Nat} (h : k + 1 ≤ width) (z : Int) :
    asr (signedBits width (z * ((2 ^ k : Nat) : Int))) k = signedBits (width - k) z := by
  have e : width = (width - k) + k := by omega
  have h1 := signedBits_shift (b := width - k) (by omega) k z
  rw [← e] at h1
  rw [h1, asr_mul]

theorem Expr.extend_eval (x : List Int) (e : Expr) (k : Nat) : (e.extend k).eval x = asr (e.eval x) k := by
  unfold Expr.extend
  split
  · rename_i d m width
    cases h : eqInt m (power k) && Nat.ble (Nat.add k 1) width with
    | false => rfl
    | true =>
      have h1 := and_split h
      have h2 := eqInt_spec h1.1
      have h3 := extend_eq (Nat.le_of_ble_eq_true h1.2) (d.eval x)
      show signedBits (width - k) (d.eval x) = asr (signedBits width (d.eval x * m)) k
      rw [h2]
      exact h3.symm
  · rename_i d m c width
    cases h : eqInt m (power k) && (eqInt c (shr c k * power k) && Nat.ble (Nat.add k 1) width) with
    | false => rfl
    | true =>
      have h1 := and_split h
      have h2 := and_split h1.2
      have e1 := eqInt_spec h1.1
      have e2 := eqInt_spec h2.1
      have h3 := extend_eq (Nat.le_of_ble_eq_true h2.2) (d.eval x + shr c k)
      show signedBits (width - k) (d.eval x + shr c k) = asr (signedBits width (d.eval x * m + c)) k
      have e3 : d.eval x * m + c = (d.eval x + shr c k) * power k := by
        rw [Int.add_mul, e1, ← e2]
      rw [e3]
      exact h3.symm
  · rfl

theorem Expr.tidy_eval (x : List Int) (e : Expr) : e.tidy.eval x = e.eval x := by
  induction e with
  | value i => rfl
  | dot n w => rfl
  | const a => rfl
  | add e k ih =>
    show e.tidy.eval x + k = e.eval x + k
    rw [ih]
  | mul e k ih =>
    show e.tidy.eval x * k = e.eval x * k
    rw [ih]
  | floor e k ih =>
    show (e.tidy.extend k).eval x = asr (e.eval x) k
    rw [Expr.extend_eval, ih]
  | signed e k ih =>
    show (e.tidy.cut k).eval x = signedBits k (e.eval x)
    rw [Expr.cut_eval, ih]
  | unsigned e k ih =>
    show unsignedBits k (e.tidy.eval x) = unsignedBits k (e.eval x)
    rw [ih]
  | clamp e lo hi ih =>
    show TinyVerify.clamp (e.tidy.eval x) lo hi = TinyVerify.clamp (e.eval x) lo hi
    rw [ih]
  | max e k ih =>
    show Max.max (e.tidy.eval x) k = Max.max (e.eval x) k
    rw [ih]
  | min e k ih =>
    show Min.min (e.tidy.eval x) k = Min.min (e.eval x) k
    rw [ih]
  | select c m k a b ihc iha ihb =>
    show (if 0 ≤ c.tidy.eval x * m + k then (given c.tidy m k true a.tidy).eval x else (given c.tidy m k false b.tidy).eval x) =
      if 0 ≤ c.eval x * m + k then a.eval x else b.eval x
    rw [← ihc]
    by_cases h : 0 ≤ c.tidy.eval x * m + k
    · rw [if_pos h, if_pos h, given_eval ⟨fun _ => rfl, fun _ => h⟩, iha]
    · rw [if_neg h, if_neg h, given_eval ⟨fun h' => absurd h' h, fun h' => by cases h'⟩, ihb]
  | join a b iha ihb =>
    show signedBits 64 (unsignedBits 32 (a.tidy.eval x) + b.tidy.eval x * 4294967296) = _
    rw [iha, ihb]
    rfl
  | carry a b k iha ihb =>
    show a.tidy.eval x + asr (unsignedBits 32 (b.tidy.eval x) + k) 32 = _
    rw [iha, ihb]
    rfl
  | plus a b iha ihb =>
    show a.tidy.eval x + b.tidy.eval x = _
    rw [iha, ihb]
    rfl

theorem Expr.agrees_spec {v : Values} {x : List Int} (hx : v.Hold x) {a b : Expr} (h : a.agrees v b = true) :
    a.eval x = b.eval x := by
  unfold Expr.agrees at h
  cases ha : a.tidy.form v with
  | none => rw [ha] at h; cases h
  | some f =>
    cases hb : b.form v with
    | none => rw [ha, hb] at h; cases h
    | some g =>
      rw [ha, hb] at h
      have hf := Expr.form_eval hx a.tidy ha
      have hg := Expr.form_eval hx b hb
      have e := Form.agrees_spec x hf.1 hg.1 (show f.agrees g = true from h)
      rw [← Expr.tidy_eval x a, ← hf.2, ← hg.2, e]

theorem agreesSome_spec {v : Values} {x : List Int} (hx : v.Hold x) {e : Expr} {r : Option Expr}
    (h : agreesSome v e r = true) : ∃ s, r = some s ∧ e.eval x = s.eval x := by
  cases r with
  | none => cases h
  | some s => exact ⟨s, rfl, Expr.agrees_spec hx h⟩

end TinyVerify.ObjectCode
