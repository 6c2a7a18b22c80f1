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
class Part { public Img I; public Img Other { get; set; } public readonly List<object> List = new(); readonly List<object> _l = new(); public void Adopt(object o) => _l.Add(o); public void Look(object o) => Console.WriteLine(o); public Held Wrap(Img i) => new Held(i); public static Part Of(Img i) => new Part { I = i }; public Part Self() => this; public Part Copy() => new Part(); }
class Later { static readonly FinalizationRegistry<object> R = new(static _ => { }); readonly Dictionary<Img, Part> _d = new(); Part _own;
 void A(Img i) { if (_d.TryGetValue(i, out var p)) return; p = new Part(); p.I = i; R.Register(i, p); } // flagged
 void B(Img i) { var p = new Part(); p.List.Add(i); R.Register(i, p); } // flagged
 void C(Img i) { var p = new Part(); p.Adopt(i); R.Register(i, p); } // flagged
 void D(Img i) { var p = new Part(); p.I = i; R.Register(i, p.Self()); } // flagged
 void E(Img i) { var p = new Part(); p.I = new Img(); p.I = i; R.Register(i, p); } // flagged
 void F(Img i, bool b) { Part p = null; if (b) { p = new Part { I = i }; R.Register(i, p); } } // flagged
 void S1(Img i) { var p = new Part(); p.I = i; p.I = null; R.Register(i, p); }
 void S2(Img i) { var p = new Part(); p.Look(i); R.Register(i, p); }
 void S3(Img i, Img o) { Part p = new Part { I = i }; p = new Part { I = o }; R.Register(i, p); }
 void S4(Img i) { var p = new Part { I = i }; R.Register(i, p.Copy()); }
 void S5(Img i, Img o) { var p = new Part { I = i }; for (var n = 0; n < 3; n++) { R.Register(i, p); p = new Part(); } }
 void S6(Img i, bool b) { var p = new Part(); if (b) p = new Part { I = i }; R.Register(i, p); }
 }
class Caches { readonly WeakCache<Img, Img> _same = new(); readonly WeakCache<Held, Img> _held = new(); readonly WeakCache<int, Img> _ids = new(); readonly WeakCache<string, Img> _names = new(10);
 void A(Img i) { _same.Set(i, i); } // flagged
 Img B(Img i) => _same.GetOrAdd(i, static k => k); // flagged
 void C(Img i) { _held.Set(new Held(i), i); } // flagged
 Img D(Img i) => _same.GetOrAdd(i, _ => i); // flagged
 void S1(Img i) { _ids.Set(i.Id, i); }
 Img S2(Img i) => _ids.GetOrAdd(i.Id, _ => i);
 void S3(Img i) { _names.Set("constant", i); }
 Img S4(Img i) => _same.GetOrAdd(i, static k => new Img());
 void S5(Img i, Img o) { _same.Set(i, o); }
 }
