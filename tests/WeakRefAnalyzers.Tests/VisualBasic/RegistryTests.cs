namespace WeakRefAnalyzers.Tests.VisualBasic;

/// <summary>Keeping the target alive by accident, 3xx; registering and cleaning up, 4xx.</summary>
public class RegistryTests
{
    [Fact]
    public Task HeldValues() => Basic.Check("""
        Class Order
            Public Property Id As Integer
            Public Property Name As String
        End Class

        Class Box
            Private ReadOnly _order As Order
            Public Sub New(order As Order)
                _order = order
            End Sub
        End Class

        Class Label
            Private ReadOnly _text As String
            Public Sub New(order As Order)
                _text = order.Name
            End Sub
        End Class

        Class Watcher
            Private ReadOnly _registry As New FinalizationRegistry(Of Object)(Sub(held) Console.WriteLine(held))

            Sub Watch(order As Order)
                _registry.Register(order, order) ' WREF301
                _registry.Register(order, (order, Date.Now)) ' WREF301
                _registry.Register(order, New Box(order)) ' WREF301
                _registry.Register(order, New Object() {order}) ' WREF301
                _registry.Register(order, New With {.Order = order}) ' WREF301
                _registry.Register(order, New Action(Sub() Console.WriteLine(order.Name))) ' WREF301
                _registry.Register(order, order.Id)
                _registry.Register(order, (order.Id, Date.Now))
                _registry.Register(order, New Label(order))
                _registry.Register(order, New WeakReference(order))
                Dim list As New List(Of Order)()
                list.Add(order)
                _registry.Register(order, list) ' WREF301
                Dim name = order.Name
                _registry.Register(order, New Action(Sub() Console.WriteLine(name))) ' WREF301
            End Sub

            Sub Alone(order As Order)
                Dim name = order.Name
                _registry.Register(order, New Action(Sub() Console.WriteLine(name)))
            End Sub
        End Class
        """);

    [Fact]
    public Task CapturedTargets() => Basic.Check("""
        Class Order
            Public Property Name As String
        End Class

        Class Watcher
            Private _audit As FinalizationRegistry(Of Integer)
            Private ReadOnly _own As FinalizationRegistry(Of Integer)

            Public Sub New()
                _own = New FinalizationRegistry(Of Integer)(AddressOf Report) ' WREF302
                _own.Register(Me, 1)
            End Sub

            Private Sub Report(id As Integer)
            End Sub

            Private Shared Sub Log(id As Integer)
            End Sub

            Sub Watch(order As Order, other As Order)
                _audit = New FinalizationRegistry(Of Integer)(Sub(id) Console.WriteLine(order.Name)) ' WREF302
                _audit.Register(order, 1)
            End Sub

            Sub Right(order As Order)
                Dim registry As New FinalizationRegistry(Of Integer)(AddressOf Log)
                registry.Register(order, 1)
                GC.KeepAlive(registry)
            End Sub
        End Class

        Class Other
            Private ReadOnly _registry As New FinalizationRegistry(Of Integer)(AddressOf Report)

            Private Sub Report(id As Integer)
            End Sub

            Sub Watch(order As Order)
                _registry.Register(order, 1)
            End Sub
        End Class

        Class Third
            Private ReadOnly _registry As New FinalizationRegistry(Of Integer)(AddressOf Report) ' WREF302

            Private Sub Report(id As Integer)
            End Sub

            Sub Watch()
                _registry.Register(Me, 1)
            End Sub
        End Class
        """);

    [Fact]
    public Task UnkeptRegistries() => Basic.Check("""
        Class Watcher
            Private _registry As FinalizationRegistry(Of Integer)

            Sub Watch(order As Object)
                Dim registry As New FinalizationRegistry(Of Integer)(Sub(id) Console.WriteLine(id)) ' WREF401
                registry.Register(order, 1)
            End Sub

            Sub AtOnce(order As Object)
                Call New FinalizationRegistry(Of Integer)(Sub(id) Console.WriteLine(id)).Register(order, 1) ' WREF401
            End Sub

            Sub Kept(order As Object)
                Dim registry As New FinalizationRegistry(Of Integer)(Sub(id) Console.WriteLine(id))
                registry.Register(order, 1)
                _registry = registry
            End Sub

            Function Made(order As Object) As FinalizationRegistry(Of Integer)
                Made = New FinalizationRegistry(Of Integer)(Sub(id) Console.WriteLine(id))
                Made.Register(order, 1)
            End Function

            Function Given(order As Object) As FinalizationRegistry(Of Integer)
                Dim registry = New FinalizationRegistry(Of Integer)(Sub(id) Console.WriteLine(id))
                registry.Register(order, 1)
                Return registry
            End Function
        End Class
        """);

    [Fact]
    public Task Tokens() => Basic.Check("""
        Class Watcher
            Private ReadOnly _registry As New FinalizationRegistry(Of String)(Sub(name) Console.WriteLine(name))
            Private ReadOnly _token As New Object()

            Sub Watch(order As Object, id As Integer)
                _registry.Register(order, "a", id) ' WREF402
                _registry.Register(order, "a", "token") ' WREF402
                _registry.Register(order, "a", "token" & id) ' WREF402
                _registry.Register(order, "a", New Object()) ' WREF402
                _registry.Register(order, "a", _token)
                _registry.Register(order, "a", order)
                _registry.Register(order, "a", Nothing)
                _registry.Register(order, "a")
                Dim token As New Object()
                _registry.Register(order, "a", token)
                _registry.Unregister(token)
            End Sub
        End Class
        """);

    [Fact]
    public Task Timely() => Basic.Check("""
        Class Reader
            Private Shared ReadOnly Files As New FinalizationRegistry(Of FileStream)(Sub(file) file.Close()) ' WREF404
            Private Shared ReadOnly Pointers As New FinalizationRegistry(Of IntPtr)(AddressOf Free) ' WREF404
            Private Shared ReadOnly Paths As New FinalizationRegistry(Of String)(
                Sub(path)
                    If path.Length > 0 Then
                        File.Delete(path) ' WREF404
                    End If
                End Sub)
            Private Shared ReadOnly Names As New FinalizationRegistry(Of String)(Sub(name) Console.WriteLine(name))
            Private Shared ReadOnly Cache As New Dictionary(Of String, Object)()
            Private Shared ReadOnly Keys As New FinalizationRegistry(Of String)(
                Sub(key)
                    SyncLock Cache
                        Cache.Remove(key)
                    End SyncLock
                End Sub)
            Private Shared ReadOnly Writers As New FinalizationRegistry(Of String)(
                Sub(text)
                    Dim writer As New StringWriter()
                    writer.Write(text)
                    writer.Dispose()
                End Sub)

            Private Shared Sub Free(handle As IntPtr)
                Marshal.FreeHGlobal(handle)
            End Sub
        End Class

        Class Owner
            Implements IDisposable

            Private Shared ReadOnly Nets As New FinalizationRegistry(Of FileStream)(Sub(file) file.Close())
            Private ReadOnly _file As FileStream

            Public Sub New(file As FileStream)
                _file = file
                Nets.Register(Me, file)
            End Sub

            Public Sub Dispose() Implements IDisposable.Dispose
                _file.Dispose()
            End Sub
        End Class
        """);
}
