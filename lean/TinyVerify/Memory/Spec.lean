import TinyVerify.Basic.Lists
/-!
# Memory: objects, regions, and when a layout is sound

Addresses and sizes are bytes. Obligations: `layout.disjoint`, `layout.inside`,
`layout.aligned`, `layout.sized`, `layout.ram`.
-/
namespace TinyVerify

/-- The bytes `offset, ..., offset + size - 1`. -/
structure Span where
  offset : Nat
  size : Nat

def Span.Holds (s : Span) (address : Nat) : Prop := s.offset ≤ address ∧ address < s.offset + s.size

/-- The sum of sizes. -/
def total : List Nat → Nat
  | [] => 0
  | size :: sizes => size + total sizes

/-- No byte belongs to both. -/
def Apart (a b : Span) : Prop := ∀ address, ¬ (a.Holds address ∧ b.Holds address)

/-- Every byte of `a` belongs to `b`. -/
def Inside (a b : Span) : Prop := ∀ address, a.Holds address → b.Holds address

/-- An object, and the region that it must stay in. -/
structure Placed where
  span : Span
  align : Nat
  region : Span

/-- A memory, its regions, and the objects in them. -/
structure Layout where
  memory : Span
  regions : List Span
  objects : List Placed

/-- Any two of the list, at different places, are apart. -/
def PairwiseApart : List Span → Prop
  | [] => True
  | s :: ss => (∀ t ∈ ss, Apart s t) ∧ PairwiseApart ss

def spans : List Placed → List Span
  | [] => []
  | p :: ps => p.span :: spans ps

/-- No two objects share a byte, and no two regions do. -/
def Layout.Disjoint (l : Layout) : Prop := PairwiseApart (spans l.objects) ∧ PairwiseApart l.regions

/-- Every object lies in its region, which is one of the layout's, and every region in the memory. -/
def Layout.Contained (l : Layout) : Prop :=
  (∀ p ∈ l.objects, Inside p.span p.region ∧ p.region ∈ l.regions) ∧ ∀ r ∈ l.regions, Inside r l.memory

def Layout.Aligned (l : Layout) : Prop := ∀ p ∈ l.objects, p.align ∣ p.span.offset

/-- How a kernel reads a table of `size` bytes: element `(j, i)` of `width` bytes at
`j * rowStride + i * columnStride`. -/
structure Access where
  rows : Nat
  columns : Nat
  rowStride : Nat
  columnStride : Nat
  width : Nat
  size : Nat

/-- The last byte of every element lies inside the table. -/
def Access.Sized (a : Access) : Prop :=
  ∀ j i, j < a.rows → i < a.columns → j * a.rowStride + i * a.columnStride + a.width ≤ a.size

/-! ### checkers -/

def apartOk (a b : Span) : Bool := Nat.ble (a.offset + a.size) b.offset || Nat.ble (b.offset + b.size) a.offset

def insideOk (a b : Span) : Bool := Nat.ble b.offset a.offset && Nat.ble (a.offset + a.size) (b.offset + b.size)

def pairwiseOk : List Span → Bool
  | [] => true
  | s :: ss => all (apartOk s) ss && pairwiseOk ss

def Layout.disjointOk (l : Layout) : Bool := pairwiseOk (spans l.objects) && pairwiseOk l.regions

def sameSpan (a b : Span) : Bool := Nat.beq a.offset b.offset && Nat.beq a.size b.size

def memberOk (s : Span) : List Span → Bool
  | [] => false
  | t :: ts => sameSpan s t || memberOk s ts

def Layout.containedOk (l : Layout) : Bool :=
  all (fun p : Placed => insideOk p.span p.region && memberOk p.region l.regions) l.objects &&
    all (fun r => insideOk r l.memory) l.regions

def Layout.alignedOk (l : Layout) : Bool := all (fun p : Placed => Nat.beq (p.span.offset % p.align) 0) l.objects

def Access.ok (a : Access) : Bool :=
  Nat.ble ((a.rows - 1) * a.rowStride + (a.columns - 1) * a.columnStride + a.width) a.size

end TinyVerify
