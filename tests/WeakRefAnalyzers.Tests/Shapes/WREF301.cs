namespace P301; using WeakRefs;
class Img { public int Id; public IntPtr H; public byte[] Bytes = new byte[3]; } class Held { readonly Img _i; public Held(Img i) { _i = i; } } class HeldId { readonly int _i; public HeldId(Img i) { _i = i.Id; } } record Rec(Img I); record RecW(WeakReference<Img> W);
class T { static readonly FinalizationRegistry<object> R = new(static _ => { }); static readonly FinalizationRegistry<Action> Ra = new(static a => a());
 void A(Img i) { R.Register(i, i); } // flagged
 void B(Img i) { R.Register(i, new Held(i)); } // flagged
 void C(Img i) { R.Register(i, (i, 1)); } // flagged
 void D(Img i) { Ra.Register(i, () => Console.WriteLine(i)); } // flagged
 void E(Img i) { R.Register(i, new Rec(i)); } // flagged
 void F(Img i) { R.Register(i, new[] { i }); } // flagged
 void G(Img i) { R.Register(i, new List<Img> { i }); } // flagged
 void S1(Img i) { R.Register(i, i.Id); }
 void S2(Img i) { R.Register(i, new HeldId(i)); }
 void S3(Img i) { R.Register(i, new RecW(new WeakReference<Img>(i))); }
 void S4(Img i) { R.Register(i, new WeakReference<Img>(i)); }
 void S5(Img i) { R.Register(i, i.H); }
 void S6(Img i, Img o) { R.Register(i, o); }
 void S7(Img i) { R.Register(i, i.ToString()); }
 void S8(Img i) { R.Register(i, i.Bytes); }
 }
