namespace WeakRefAnalyzers.Tests.VisualBasic;

/// <summary>Choosing the target, 2xx.</summary>
public class TargetTests
{
    [Fact]
    public Task ValueTypes() => Basic.Check("""
        Class Boxes
            Private ReadOnly _number As New WeakReference(42) ' WREF201
            Private _other As WeakReference = New WeakReference(CObj(Date.Now)) ' WREF201

            Sub Box(n As Integer, o As Object, text As String)
                Dim a = New WeakReference(n) ' WREF201
                Dim b As New WeakReference((n)) ' WREF201
                a.Target = n ' WREF201
                Dim boxed As Object = n
                Dim c = GCHandle.Alloc(boxed, GCHandleType.Weak) ' WREF201
                c.Free()
                Dim d = GCHandle.Alloc(n)
                Dim e As New WeakReference(o), f As New WeakReference(text)
                Dim g As New WeakReference(Nothing)
            End Sub

            Sub Generic(Of T As Class)(value As T)
                Dim w As New WeakReference(Of T)(value)
            End Sub

            Sub AnyGeneric(Of T)(value As T)
                Dim w As New WeakReference(value)
            End Sub
        End Class
        """);

    [Fact]
    public Task Immortals() => Basic.Check("""
        Class Immortals
            Private Shared ReadOnly Gate As New Object()
            Private Shared ReadOnly Property One As Object = New Object()
            Private Shared Property Two As Object = New Object()
            Private ReadOnly _gate As New Object()
            Private ReadOnly _name As New WeakReference("settings") ' WREF202
            Private Shared ReadOnly Empty As New WeakReference("")
            Private _current As WeakReference = New WeakReference("")

            Sub Hold(Optional [default] As WeakReference = Nothing)
                Dim a As New WeakReference(GetType(String)) ' WREF202
                Dim b As New WeakReference(Gate) ' WREF202
                Dim c As New WeakReference(Of Object)(One) ' WREF202
                Dim d As New WeakReference(Two), e As New WeakReference(_gate)
                Dim f As New WeakReference("a" & "b") ' WREF202
                Dim g As New WeakReference(CultureInfoOf())
                Dim h As New WeakReference(String.Intern("x" & f.ToString())) ' WREF202
                Dim i As New WeakReference(New Action(Sub() Console.WriteLine())) ' WREF202
                Dim j As New WeakReference(If(_gate, "none"))
                Dim literal = "settings"
                Dim k As New WeakReference(literal) ' WREF202
            End Sub

            Function Find(o As Object) As WeakReference
                If o Is Nothing Then Return Empty
                _current = New WeakReference(o)
                Return _current
            End Function

            Function CultureInfoOf() As Object
                Return _gate
            End Function
        End Class
        """);

    [Fact]
    public Task Unheld() => Basic.Check("""
        Class Settings
            Public Property Name As String
        End Class

        Class Rooted
            Private Shared ReadOnly All As New List(Of Rooted)()

            Public Sub New()
                All.Add(Me)
            End Sub
        End Class

        Class Child
            Inherits Rooted

            Public Sub New(name As String)
                MyBase.New()
            End Sub
        End Class

        Class Listening
            Private WithEvents _timer As New System.Timers.Timer()

            Private Sub Tick() Handles _timer.Elapsed
            End Sub
        End Class

        Class Part
            Public Sub New(owner As Object)
                Registry.Add(owner)
            End Sub

            Public Shared ReadOnly Registry As New List(Of Object)()
        End Class

        Class Whole
            Private ReadOnly _part As New Part(Me)
        End Class

        Class Unheld
            Private ReadOnly _settings As New WeakReference(Of Settings)(New Settings()) ' WREF203
            Private _kept As Settings

            Sub Hold(name As String)
                Dim a As New WeakReference(New Settings With {.Name = name}) ' WREF203
                Dim b As New WeakReference(New Integer() {1, 2}) ' WREF203
                Dim c As New WeakReference(New With {.Name = name}) ' WREF203
                Dim d As New WeakReference(New Rooted()), e As New WeakReference(New Child("x")), f As New WeakReference(New Listening())
                Dim g As New WeakReference(New Whole())
                Dim h As New WeakReference(New Object())
                Dim i As New WeakReference("a" & name) ' WREF203
                Dim once = New Settings()
                Dim j As New WeakReference(once) ' WREF203
                Dim kept = New Settings()
                Dim k As New WeakReference(kept)
                _kept = kept
                Dim l As New WeakReference($"{name}!") ' WREF203
            End Sub
        End Class
        """);

    [Fact]
    public Task UnheldDelegates() => Basic.Check("""
        Class Handlers
            Private _id As Integer
            Private _kept As Action
            Private ReadOnly _weak As New List(Of WeakReference(Of Action))()

            Sub Refresh()
            End Sub

            Shared Sub Everywhere()
            End Sub

            Sub Add(handler As Action)
                _weak.Add(New WeakReference(Of Action)(handler))
            End Sub

            Sub Hold(n As Integer)
                Dim a As New WeakReference(Of Action)(AddressOf Refresh) ' WREF204
                Dim b As New WeakReference(Of Action)(Sub() Console.WriteLine(n)) ' WREF204
                Dim c As New WeakReference(Of Action)(Sub() Refresh()) ' WREF204
                Dim d As New WeakReference(Of Action)(AddressOf Everywhere) ' WREF204
                Add(AddressOf Refresh) ' WREF204
                Add(Sub() Console.WriteLine(n)) ' WREF204
                _kept = AddressOf Refresh
                Dim e As New WeakReference(Of Action)(_kept)
                Add(_kept)
                Dim handler As Action = AddressOf Refresh
                Add(handler) ' WREF204
                Dim used As Action = AddressOf Refresh
                Add(used)
                _kept = used
            End Sub
        End Class
        """);

    [Fact]
    public Task LongReferences() => Basic.Check("""
        Class Returning
            Protected Overrides Sub Finalize()
                Handlers.Kept = Me
            End Sub
        End Class

        Class Plain
            Private _name As String

            Protected Overrides Sub Finalize()
                Me._name = Nothing
            End Sub
        End Class

        Module Handlers
            Public Kept As Object

            Sub Hold(o As Object, r As Returning, p As Plain)
                Dim a As New WeakReference(o, True) ' WREF205
                Dim b As New WeakReference(o, trackResurrection:=True) ' WREF205
                Dim c As New WeakReference(o, False), d As New WeakReference(r, True)
                Dim e As New WeakReference(p, True) ' WREF205
            End Sub
        End Module
        """);

    [Fact]
    public Task ImportedFunctions() => Basic.Check("""
        Module Logging
            Delegate Sub Log(text As String)

            <DllImport("native")>
            Sub SetLogCallback(callback As Log)
            End Sub

            Sub Write(text As String)
            End Sub

            Sub Install()
                SetLogCallback(AddressOf Write) ' WREF206
                SetLogCallback(Sub(text) Console.WriteLine(text))
            End Sub
        End Module
        """);

    [Fact]
    public Task DeclaredFunctions() => Basic.Check("""
        Class Hooks
            Private Delegate Function HookProc(code As Integer, w As IntPtr, l As IntPtr) As IntPtr

            Private Declare Auto Function SetWindowsHookEx Lib "user32" (id As Integer, proc As HookProc, h As IntPtr, t As UInteger) As IntPtr
            Private Declare Auto Function EnumWindows Lib "user32" (proc As HookProc, l As IntPtr) As Boolean

            Private _kept As HookProc

            Private Function OnKey(code As Integer, w As IntPtr, l As IntPtr) As IntPtr
                Return IntPtr.Zero
            End Function

            Private Shared Function OnAny(code As Integer, w As IntPtr, l As IntPtr) As IntPtr
                Return IntPtr.Zero
            End Function

            Sub Install()
                SetWindowsHookEx(13, AddressOf OnKey, IntPtr.Zero, 0) ' WREF206
                SetWindowsHookEx(13, New HookProc(AddressOf OnAny), IntPtr.Zero, 0) ' WREF206
                EnumWindows(AddressOf OnKey, IntPtr.Zero)
                _kept = AddressOf OnKey
                SetWindowsHookEx(13, _kept, IntPtr.Zero, 0)
                Dim lone As HookProc = AddressOf OnKey
                SetWindowsHookEx(13, lone, IntPtr.Zero, 0) ' WREF206
                Dim kept As HookProc = AddressOf OnKey
                SetWindowsHookEx(13, kept, IntPtr.Zero, 0)
                GC.KeepAlive(kept)
            End Sub
        End Class
        """);
}
