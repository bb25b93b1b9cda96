import TinyVerify.Basic.Lists
/-!
# Memory: objects, regions, and when a layout is sound

Addresses and sizes are bytes. Obligations: `layout.disjoint`, `layout.inside`, `layout.aligned`.
-/
namespace TinyVerify

/-- The bytes `offset, ..., offset + size - 1`. -/
structure Span where
  offset : Nat
  size : Nat

def Span.Holds (s : Span) (address : Nat) : Prop := s.offset ≤ address ∧ address < s.offset + s.size

/-- No byte belongs to both. -/
def Apart (a b : Span) : Prop := ∀ address, ¬ (a.Holds address ∧ b.Holds address)

/-- Every byte of `a` belongs to `b`. -/
def Inside (a b : Span) : Prop := ∀ address, a.Holds address → b.Holds address

/-- An object, and the region that it must stay in. -/
structure Placed where
  span : Span
  align : Nat
  region : Span

/-- A memory, and what lies in it. -/
structure Layout where
  memory : Span
  objects : List Placed

/-- Any two objects of the list are apart. -/
def PairwiseApart : List Placed → Prop
  | [] => True
  | p :: ps => (∀ q ∈ ps, Apart p.span q.span) ∧ PairwiseApart ps

def Layout.Disjoint (l : Layout) : Prop := PairwiseApart l.objects

/-- Every object lies in its region and in the memory. -/
def Layout.Contained (l : Layout) : Prop :=
  ∀ p ∈ l.objects, Inside p.span p.region ∧ Inside p.span l.memory

def Layout.Aligned (l : Layout) : Prop := ∀ p ∈ l.objects, p.align ∣ p.span.offset

/-- The policy's flash of the memory map, 64 KB, and the RAM, 32 KB. -/
def flash : Span := ⟨0, 0x10000⟩
def ram : Span := ⟨0x20000000, 0x8000⟩

/-! ### checkers -/

def apartOk (a b : Span) : Bool := Nat.ble (a.offset + a.size) b.offset || Nat.ble (b.offset + b.size) a.offset

def insideOk (a b : Span) : Bool := Nat.ble b.offset a.offset && Nat.ble (a.offset + a.size) (b.offset + b.size)

def pairwiseOk : List Placed → Bool
  | [] => true
  | p :: ps => all (fun q : Placed => apartOk p.span q.span) ps && pairwiseOk ps

def Layout.disjointOk (l : Layout) : Bool := pairwiseOk l.objects

def Layout.containedOk (l : Layout) : Bool :=
  all (fun p : Placed => insideOk p.span p.region && insideOk p.span l.memory) l.objects

def Layout.alignedOk (l : Layout) : Bool := all (fun p : Placed => Nat.beq (p.span.offset % p.align) 0) l.objects

end TinyVerify
