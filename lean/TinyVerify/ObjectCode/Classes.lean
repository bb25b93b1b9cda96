import TinyVerify.ObjectCode.Features
import TinyVerify.ObjectCode.Integers
/-!
# Fault flags from one comparison a feature

Main result: `Flags.byClasses_spec`. A number that has the right value whichever features are finite, infinite, or NaN is
the fault flags, for every pattern.
-/
namespace TinyVerify.ObjectCode

def classOf (bits : Nat) : Class :=
  if f32IsNaN bits = true then .nan else if f32IsInfinite bits = true then .infinite else .finite

def classesOf : List Nat → List Class
  | [] => []
  | bits :: rest => classOf bits :: classesOf rest

/-- `z` lies in the range. -/
def Range.Holds (r : Range) (z : Int) : Prop := r.lo ≤ z ∧ z ≤ r.hi

theorem length_classesOf (observation : List Nat) : (classesOf observation).length = observation.length := by
  induction observation with
  | nil => rfl
  | cons _ rest ih => exact congrArg (· + 1) ih

theorem allClasses_spec : ∀ {n : Nat} {test : List Class → Bool}, allClasses n test = true →
    ∀ cs, cs.length = n → test cs = true := by
  intro n
  induction n with
  | zero =>
    intro test h cs hc
    cases cs with
    | nil => exact h
    | cons _ _ => cases hc
  | succ n ih =>
    intro test h cs hc
    cases cs with
    | nil => cases hc
    | cons c cs =>
      have h1 := and_split (a := allClasses n (fun cs => test (.finite :: cs))) h
      have h2 := and_split (a := allClasses n (fun cs => test (.infinite :: cs))) h1.2
      have hl := Nat.succ.inj hc
      cases c with
      | finite => exact ih h1.1 cs hl
      | infinite => exact ih h2.1 cs hl
      | nan => exact ih h2.2 cs hl

theorem classOf_isNaN (bits : Nat) : (classOf bits).isNaN = f32IsNaN bits := by
  unfold classOf
  cases hn : f32IsNaN bits with
  | true => rfl
  | false =>
    rw [if_neg (by intro h; contradiction)]
    cases f32IsInfinite bits <;> rfl

theorem classOf_isInfinite (bits : Nat) : (classOf bits).isInfinite = f32IsInfinite bits := by
  have ha := f32IsNaN_iff bits
  have hb := f32IsInfinite_iff bits
  unfold classOf
  cases hn : f32IsNaN bits with
  | true =>
    rw [if_pos rfl]
    cases hi : f32IsInfinite bits with
    | false => rfl
    | true =>
      have h1 := ha.mp hn
      have h2 := hb.mp hi
      omega
  | false =>
    rw [if_neg (by intro h; contradiction)]
    cases f32IsInfinite bits <;> rfl

theorem anyClass_classesOf {test : Class → Bool} {testBits : Nat → Bool} (h : ∀ bits, test (classOf bits) = testBits bits)
    (observation : List Nat) : anyClass test (classesOf observation) = anyBits testBits observation := by
  induction observation with
  | nil => rfl
  | cons bits rest ih =>
    show (test (classOf bits) || anyClass test (classesOf rest)) = (testBits bits || anyBits testBits rest)
    rw [h, ih]

theorem classOf_range (bits : Nat) : (classOf bits).range.Holds (bits % 2147483648 : Nat) := by
  have ha := f32IsNaN_iff bits
  have hb := f32IsInfinite_iff bits
  unfold classOf
  by_cases hn : f32IsNaN bits = true
  · rw [if_pos hn]
    have h1 := ha.mp hn
    show (2139095041 : Int) ≤ (bits % 2147483648 : Nat) ∧ ((bits % 2147483648 : Nat) : Int) ≤ 2147483647
    omega
  · rw [if_neg hn]
    have h1 : ¬2139095040 < bits % 2147483648 := fun h => hn (ha.mpr h)
    by_cases hi : f32IsInfinite bits = true
    · rw [if_pos hi]
      have h2 := hb.mp hi
      show (2139095040 : Int) ≤ (bits % 2147483648 : Nat) ∧ ((bits % 2147483648 : Nat) : Int) ≤ 2139095040
      omega
    · rw [if_neg hi]
      have h2 : ¬bits % 2147483648 = 2139095040 := fun h => hi (hb.mpr h)
      show (0 : Int) ≤ (bits % 2147483648 : Nat) ∧ ((bits % 2147483648 : Nat) : Int) ≤ 2139095039
      omega

theorem classAt_range (observation : List Nat) : ∀ i,
    (classAt (classesOf observation) i).range.Holds (bitsAt observation i % 2147483648 : Nat) := by
  induction observation with
  | nil =>
    intro i
    show (0 : Int) ≤ ((0 % 2147483648 : Nat) : Int) ∧ ((0 % 2147483648 : Nat) : Int) ≤ 2139095039
    omega
  | cons bits rest ih =>
    intro i
    cases i with
    | zero => exact classOf_range bits
    | succ i => exact ih i

theorem rangeThen_spec {r : Option Range} {g : Range → Option Range} {s : Range} (h : rangeThen r g = some s) :
    ∃ a, r = some a ∧ g a = some s := by
  cases r with
  | none => cases h
  | some a => exact ⟨a, rfl, h⟩

theorem Range.inside_spec {r s : Range} {lo hi : Int} (h : r.inside lo hi = some s) : s = r ∧ lo ≤ r.lo ∧ r.hi ≤ hi := by
  unfold Range.inside at h
  cases ht : leInt lo r.lo && leInt r.hi hi with
  | false => rw [ht] at h; cases h
  | true =>
    rw [ht] at h
    have h1 := and_split ht
    exact ⟨(Option.some.inj h).symm, leInt_spec h1.1, leInt_spec h1.2⟩

theorem chosenRange_spec {yes no : Bool} {f g : Option Range} {r : Range} (h : chosenRange yes no f g = some r) :
    (yes = true ∧ f = some r) ∨ (no = true ∧ g = some r) := by
  cases yes with
  | true => exact Or.inl ⟨rfl, h⟩
  | false =>
    cases no with
    | true => exact Or.inr ⟨rfl, h⟩
    | false => cases h

theorem unsignedBits_small {bits : Nat} {z : Int} (h1 : 0 ≤ z) (h2 : z ≤ power bits - 1) : unsignedBits bits z = z := by
  have e : power bits = ((2 ^ bits : Nat) : Int) := rfl
  rw [e] at h2
  exact Int.emod_eq_of_lt h1 (by omega)

theorem Flags.range_spec (observation : List Nat) (f : Flags) :
    ∀ r, f.range (classesOf observation) = some r → r.Holds (f.eval observation) := by
  induction f with
  | const k =>
    intro r h
    rw [← Option.some.inj h]
    exact ⟨Int.le_refl k, Int.le_refl k⟩
  | low _ => intro r h; cases h
  | zeros _ => intro r h; cases h
  | ite _ _ _ _ _ => intro r h; cases h
  | floor f k ih =>
    intro r h
    obtain ⟨a, ha, hr⟩ := rangeThen_spec h
    have h1 := ih a ha
    rw [← Option.some.inj hr]
    show shr a.lo k ≤ asr (f.eval observation) k ∧ asr (f.eval observation) k ≤ shr a.hi k
    rw [shr_eq, shr_eq]
    exact ⟨asr_mono k h1.1, asr_mono k h1.2⟩
  | add f g ihf ihg =>
    intro r h
    obtain ⟨a, ha, h1⟩ := rangeThen_spec h
    obtain ⟨b, hb, h2⟩ := rangeThen_spec h1
    have h3 := ihf a ha
    have h4 := ihg b hb
    rw [← Option.some.inj h2]
    exact ⟨Int.add_le_add h3.1 h4.1, Int.add_le_add h3.2 h4.2⟩
  | mul f k ih =>
    intro r h
    obtain ⟨a, ha, hr⟩ := rangeThen_spec h
    have h1 := ih a ha
    rw [← Option.some.inj hr]
    cases k with
    | ofNat m =>
      have hm : (0 : Int) ≤ Int.ofNat m := Int.ofNat_le.mpr (Nat.zero_le m)
      exact ⟨Int.mul_le_mul_of_nonneg_right h1.1 hm, Int.mul_le_mul_of_nonneg_right h1.2 hm⟩
    | negSucc m =>
      have hm : Int.negSucc m = -((m + 1 : Nat) : Int) := rfl
      have hp : (0 : Int) ≤ ((m + 1 : Nat) : Int) := Int.ofNat_le.mpr (Nat.zero_le _)
      have l := Int.mul_le_mul_of_nonneg_right h1.1 hp
      have u := Int.mul_le_mul_of_nonneg_right h1.2 hp
      show a.hi * Int.negSucc m ≤ f.eval observation * Int.negSucc m ∧ f.eval observation * Int.negSucc m ≤ a.lo * Int.negSucc m
      rw [hm, Int.mul_neg, Int.mul_neg, Int.mul_neg]
      omega
  | signed f ih =>
    intro r h
    obtain ⟨a, ha, hr⟩ := rangeThen_spec h
    have h1 := ih a ha
    have h2 := Range.inside_spec hr
    rw [h2.1]
    show a.Holds (signedBits 32 (f.eval observation))
    have i1 := h1.1
    have i2 := h1.2
    have e : signedBits 32 (f.eval observation) = f.eval observation := by
      have p : ((2 ^ 32 : Nat) : Int) = 4294967296 := by decide
      have q : half 32 = 2147483648 := by decide
      show (f.eval observation + half 32) % ((2 ^ 32 : Nat) : Int) - half 32 = f.eval observation
      rw [p, q]
      omega
    rw [e]
    exact h1
  | unsigned f ih =>
    intro r h
    obtain ⟨a, ha, hr⟩ := rangeThen_spec h
    have h1 := ih a ha
    have h2 := Range.inside_spec hr
    rw [h2.1]
    show a.Holds (unsignedBits 32 (f.eval observation))
    have i1 := h1.1
    have i2 := h1.2
    rw [unsignedBits_small (by omega) (show _ ≤ (4294967296 : Int) - 1 by omega)]
    exact h1
  | magnitude i =>
    intro r h
    rw [← Option.some.inj h]
    exact classAt_range observation i
  | cut f bits ih =>
    intro r h
    obtain ⟨a, ha, hr⟩ := rangeThen_spec h
    have h1 := ih a ha
    have i1 := h1.1
    have i2 := h1.2
    show r.Holds (unsignedBits bits (f.eval observation))
    unfold Range.cut at hr
    cases hs : a.inside 0 (power bits - 1) with
    | some s =>
      rw [hs] at hr
      have h2 := Range.inside_spec hs
      rw [← Option.some.inj hr, h2.1, unsignedBits_small (by omega) (by omega)]
      exact h1
    | none =>
      rw [hs] at hr
      cases he : eqInt a.lo a.hi with
      | false => rw [he] at hr; cases hr
      | true =>
        rw [he] at hr
        have h2 := eqInt_spec he
        have e : f.eval observation = a.lo := by omega
        rw [← Option.some.inj hr, e]
        exact ⟨Int.le_refl _, Int.le_refl _⟩
  | ifZero c f g ihc ihf ihg =>
    intro r h
    obtain ⟨a, ha, hr⟩ := rangeThen_spec h
    have h1 := ihc a ha
    have i1 := h1.1
    have i2 := h1.2
    show r.Holds (if c.eval observation = 0 then f.eval observation else g.eval observation)
    rcases chosenRange_spec hr with ⟨ht, hf⟩ | ⟨ht, hg⟩
    · have h2 := and_split ht
      have l := eqInt_spec h2.1
      have u := eqInt_spec h2.2
      rw [if_pos (by omega)]
      exact ihf r hf
    · have h2 : ¬c.eval observation = 0 := by
        rcases or_split ht with h3 | h3
        · have := leInt_spec h3
          omega
        · have := leInt_spec h3
          omega
      rw [if_neg h2]
      exact ihg r hg
  | ifNatural c f g ihc ihf ihg =>
    intro r h
    obtain ⟨a, ha, hr⟩ := rangeThen_spec h
    have h1 := ihc a ha
    have i1 := h1.1
    have i2 := h1.2
    show r.Holds (if 0 ≤ c.eval observation then f.eval observation else g.eval observation)
    rcases chosenRange_spec hr with ⟨ht, hf⟩ | ⟨ht, hg⟩
    · have h2 := leInt_spec ht
      rw [if_pos (by omega)]
      exact ihf r hf
    · have h2 := leInt_spec ht
      rw [if_neg (by omega)]
      exact ihg r hg

/-- A number that has the right value for every list of classes is the fault flags. -/
theorem Flags.byClasses_spec {n : Nat} {observation : List Nat} (hn : observation.length = n) {f : Flags}
    (h : f.byClasses n = true) : f.eval observation = referenceFaults observation := by
  have h1 := allClasses_spec h (classesOf observation) ((length_classesOf observation).trans hn)
  rw [anyClass_classesOf classOf_isNaN, anyClass_classesOf classOf_isInfinite] at h1
  unfold isPoint at h1
  cases hr : f.range (classesOf observation) with
  | none => rw [hr] at h1; cases h1
  | some r =>
    rw [hr] at h1
    have h2 := and_split h1
    have h3 := Flags.range_spec observation f r hr
    have l := eqInt_spec h2.1
    have u := eqInt_spec h2.2
    have i1 := h3.1
    have i2 := h3.2
    unfold referenceFaults
    omega

end TinyVerify.ObjectCode
