import TinyVerify.ObjectCode.KnownWords
/-!
# A selection that is right whichever accumulator is the first of the largest is right

Main results: `Selection.isArgMax_spec` and `Selection.isLargest_spec`.
-/
namespace TinyVerify.ObjectCode

/-! ### steps -/

/-- `j` is the first of the largest of `n` words. -/
structure FirstLargest (n j : Nat) (x : List Int) : Prop where
  word : ∀ i, Int32 (nth x i)
  most : ∀ i, i < n → nth x i ≤ nth x j
  before : ∀ i, i < j → nth x i < nth x j

/-- What is known of each result holds. -/
def AllHold (top : Int) (known : List Known) (done : List Int) : Prop :=
  ∀ i, (knownAt known i).Holds top (nth done i)

theorem accKnown_spec {n j : Nat} {x : List Int} (hx : FirstLargest n j x) (i : Nat) :
    (accKnown n j i).Holds (nth x j) (nth x i) := by
  unfold accKnown
  cases hn : Nat.ble (Nat.succ i) n with
  | false => exact Known.any_holds _ _
  | true =>
    cases he : Nat.beq i j with
    | true =>
      rw [Nat.eq_of_beq_eq_true he]
      exact ⟨hx.word j, rfl⟩
    | false =>
      cases hl : Nat.ble i j with
      | true =>
        refine ⟨hx.word i, hx.before i ?_⟩
        have h1 := Nat.le_of_ble_eq_true hl
        rcases Nat.lt_or_eq_of_le h1 with h2 | h2
        · exact h2
        · rw [h2, Nat.beq_refl] at he
          cases he
      | false => exact ⟨hx.word i, hx.most i (Nat.le_of_ble_eq_true hn)⟩

theorem Source.known_spec {n j : Nat} {x unknowns done : List Int} {known : List Known} (hx : FirstLargest n j x)
    (hd : AllHold (nth x j) known done) (s : Source) :
    (s.known n j known).Holds (nth x j) (s.eval x unknowns done) := by
  cases s with
  | acc i => exact accKnown_spec hx i
  | step i => exact hd i
  | const k => exact zero_dvd_self k
  | unknown i => exact Known.any_holds _ _

theorem sideKnown_spec {top y z : Int} {c : Prop} [Decidable c] {truth : Option Bool} {p q : Known}
    (hc : ∀ t, truth = some t → (t = true ↔ c)) (hp : p.Holds top y) (hq : q.Holds top z) :
    (sideKnown truth p q).Holds top (if c then y else z) := by
  cases truth with
  | none =>
    split
    · exact Known.either_left p q hp
    · exact Known.either_right p q hq
  | some t =>
    cases t with
    | true =>
      rw [if_pos ((hc true rfl).mp rfl)]
      exact hp
    | false =>
      rw [if_neg (fun h => by cases (hc false rfl).mpr h)]
      exact hq

theorem Source.same_spec {a b : Source} (h : a.same b = true) : a = b := by
  cases a <;> cases b <;> first | cases h | exact congrArg _ (Nat.eq_of_beq_eq_true h)

theorem Source.isMax_spec {a b p q : Source} {k : Int} (h : a.isMax b k p q = true) {x unknowns done : List Int} :
    (if 0 ≤ a.eval x unknowns done - b.eval x unknowns done + k then p.eval x unknowns done else q.eval x unknowns done) =
      Max.max (a.eval x unknowns done) (b.eval x unknowns done) := by
  have h1 := and_split h
  have h2 := and_split h1.2
  rw [← Source.same_spec h1.1, ← Source.same_spec h2.1]
  rcases or_split h2.2 with hk | hk
  · rw [eqInt_spec hk]
    split <;> omega
  · rw [eqInt_spec hk]
    split <;> omega

theorem Step.known_spec {n j : Nat} {x unknowns done : List Int} {known : List Known} (hx : FirstLargest n j x)
    (hd : AllHold (nth x j) known done) (s : Step) :
    (s.known n j known).Holds (nth x j) (s.eval x unknowns done) := by
  have source := fun a : Source => a.known_spec (unknowns := unknowns) hx hd
  cases s with
  | ite a b k p q =>
    show Known.Holds (nth x j) (match a.isMax b k p q with
      | true => (a.known n j known).max (b.known n j known)
      | false => sideKnown ((a.known n j known).compare k (b.known n j known)) (p.known n j known) (q.known n j known))
      (if 0 ≤ a.eval x unknowns done - b.eval x unknowns done + k then p.eval x unknowns done else q.eval x unknowns done)
    cases h : a.isMax b k p q with
    | false => exact sideKnown_spec (fun t h => Known.compare_spec (source a) (source b) h) (source p) (source q)
    | true =>
      rw [Source.isMax_spec h]
      exact Known.max_spec (source a) (source b)
  | max a b => exact Known.max_spec (source a) (source b)
  | min a b => exact Known.min_spec (source a) (source b)
  | add a b => exact Known.add_spec (source a) (source b)
  | mul a k => exact Known.mul_spec (source a) k
  | floor a k => exact Known.floor_spec (source a) k
  | signed a bits => exact Known.signed_spec (source a) bits
  | unsigned a bits => exact Known.unsigned_spec (source a) bits

theorem Known.force_eq {α : Type} (k : Known) (g : Known → α) : k.force g = g k := by
  cases k with
  | acc r => cases r <;> rfl
  | number c m =>
    cases c with
    | ofNat c =>
      show withNat c (fun c => withNat m fun m => g (.number (.ofNat c) m)) = _
      rw [withNat_eq, withNat_eq]
    | negSucc c =>
      show withNat c (fun c => withNat m fun m => g (.number (.negSucc c) m)) = _
      rw [withNat_eq, withNat_eq]

theorem stepsKnown_spec {n j : Nat} {x unknowns : List Int} (hx : FirstLargest n j x) (steps : List Step) :
    ∀ {known : List Known} {done : List Int}, AllHold (nth x j) known done →
      AllHold (nth x j) (stepsKnown n j steps known) (runSteps x unknowns steps done) := by
  induction steps with
  | nil => intro known done hd; exact hd
  | cons s steps ih =>
    intro known done hd
    show AllHold (nth x j) ((s.known n j known).force fun k => stepsKnown n j steps (k :: known)) _
    rw [Known.force_eq]
    refine ih ?_
    intro i
    cases i with
    | zero => exact s.known_spec hx hd
    | succ i => exact hd i

theorem Selection.known_spec {n j : Nat} {x : List Int} (hx : FirstLargest n j x) (s : Selection)
    (unknowns : List Int) : (s.known n j).Holds (nth x j) (s.eval x unknowns) :=
  s.result.known_spec hx (stepsKnown_spec hx s.steps (fun _ => Known.any_holds _ _))

theorem allBelow_spec {test : Nat → Bool} {n : Nat} (h : allBelow test n = true) : ∀ j, j < n → test j = true := by
  induction n with
  | zero => intro j hj; omega
  | succ n ih =>
    intro j hj
    have h1 := and_split (a := test n) h
    by_cases c : j = n
    · rw [c]
      exact h1.1
    · exact ih h1.2 j (by omega)

theorem firstLargest_argMax {z : Int} {zs : List Int} (hx : ∀ i, Int32 (nth (z :: zs) i)) :
    FirstLargest (z :: zs).length (argMax (z :: zs)) (z :: zs) := by
  refine ⟨hx, ?_, ?_⟩
  · intro i hi
    rw [nth_argMax]
    exact le_maximum _ _ (nth_mem _ i hi)
  · intro i hi
    rw [nth_argMax]
    exact argMax_first z zs i hi

theorem Selection.isArgMax_spec {s : Selection} {x : List Int} (hx : ∀ i, Int32 (nth x i)) (unknowns : List Int)
    (h : s.isArgMax x.length = true) : s.eval x unknowns = (argMax x : Nat) := by
  have h1 := and_split h
  cases x with
  | nil => cases h1.1
  | cons z zs =>
    have h2 := allBelow_spec h1.2 _ (argMax_lt z zs)
    have h3 := s.known_spec (firstLargest_argMax hx) unknowns
    generalize s.known (z :: zs).length (argMax (z :: zs)) = k at h2 h3
    cases k with
    | acc r => cases h2
    | number c m =>
      cases m with
      | succ _ => cases h2
      | zero => rw [eq_of_zero_dvd h3, eqInt_spec h2]

theorem Selection.isLargest_spec {s : Selection} {z : Int} {zs : List Int} (hx : ∀ i, Int32 (nth (z :: zs) i))
    (unknowns : List Int) (h : s.isLargest (z :: zs).length = true) : s.eval (z :: zs) unknowns = maximum (z :: zs) := by
  have h1 := and_split h
  have h2 := allBelow_spec h1.2 _ (argMax_lt z zs)
  have h3 := s.known_spec (firstLargest_argMax hx) unknowns
  rw [← nth_argMax z zs]
  generalize s.known (z :: zs).length (argMax (z :: zs)) = k at h2 h3
  cases k with
  | number c m => cases h2
  | acc r =>
    cases r with
    | largest => exact h3.2
    | less => cases h2
    | atMost => cases h2

end TinyVerify.ObjectCode
