import TinyVerify.Basic.Lists
/-!
# Flow graphs: what a path costs, and a certificate that bounds every path

Nodes are numbers, an edge carries its cost in cycles (or bytes of stack). Loop bounds are linear facts about how often
edges are taken: each `Limit` says `sum coefficient * count ≤ total` (a loop bound: `1` on the back
edge, `-n` on the entry edge, total 0). Obligations: `wcet.*`, `stack.depth`.
-/
namespace TinyVerify

structure Edge where
  source : Nat
  target : Nat
  cost : Int

/-- A path: edges that follow one another, from `first` to `last`. -/
inductive Path (graph : List Edge) : Nat → Nat → List Edge → Prop where
  | nil (node : Nat) : Path graph node node []
  | cons {last : Nat} {rest : List Edge} (e : Edge) :
      e ∈ graph → Path graph e.target last rest → Path graph e.source last (e :: rest)

def pathCost : List Edge → Int
  | [] => 0
  | e :: es => e.cost + pathCost es

/-- One linear fact about a path: weighted visits stay below `total`. -/
structure Limit where
  coefficient : Edge → Int
  total : Int

def visits (l : Limit) : List Edge → Int
  | [] => 0
  | e :: es => l.coefficient e + visits l es

/-- The path respects every limit. -/
def Respects (limits : List Limit) (path : List Edge) : Prop := ∀ l ∈ limits, visits l path ≤ l.total

/-- A limit with its multiplier, a natural number. -/
structure Dual where
  limit : Limit
  multiplier : Nat

/-- A dual certificate: a potential for each node, a multiplier for each limit; `scale` is the
common denominator of both. -/
structure Certificate where
  scale : Nat
  potential : Nat → Int
  duals : List Dual

def dualTotal : List Dual → Int
  | [] => 0
  | d :: ds => (d.multiplier : Int) * d.limit.total + dualTotal ds

def dualCoefficient (e : Edge) : List Dual → Int
  | [] => 0
  | d :: ds => (d.multiplier : Int) * d.limit.coefficient e + dualCoefficient e ds

/-- No edge costs more than the potential that it gives up and the limits that it uses. -/
def Certificate.ok (c : Certificate) (graph : List Edge) : Bool :=
  Nat.ble 1 c.scale && all (fun e : Edge =>
    decide ((c.scale : Int) * e.cost ≤ c.potential e.source - c.potential e.target + dualCoefficient e c.duals)) graph

/-- The bound that the certificate shows, in units of `1 / scale` cycles. -/
def Certificate.bound (c : Certificate) (first last : Nat) : Int :=
  c.potential first - c.potential last + dualTotal c.duals

/-- The certificate shows at most `cycles` from `first` to `last`. -/
def Certificate.shows (c : Certificate) (graph : List Edge) (first last cycles : Nat) : Bool :=
  c.ok graph && decide (c.bound first last < (c.scale : Int) * ((cycles : Int) + 1))

def dualLimits : List Dual → List Limit
  | [] => []
  | d :: ds => d.limit :: dualLimits ds

/-- Potentials from a list, node 0 first; 0 beyond it. -/
def potentials : List Int → Nat → Int
  | [], _ => 0
  | z :: _, 0 => z
  | _ :: zs, n + 1 => potentials zs n

/-- Potentials in a tree, for graphs of many nodes: `size` nodes on the left, the others on the right. -/
inductive PotentialTree where
  | leaf (z : Int)
  | node (size : Nat) (left right : PotentialTree)

def PotentialTree.at : PotentialTree → Nat → Int
  | leaf z, _ => z
  | node size left right, n => cond (Nat.ble size n) (right.at (n - size)) (left.at n)

/-- Coefficients from a list of edges: those between the same nodes count. -/
def coefficients : List Edge → Edge → Int
  | [], _ => 0
  | f :: fs, e => (if f.source = e.source ∧ f.target = e.target then f.cost else 0) + coefficients fs e

end TinyVerify
