Imports System.Runtime.InteropServices
Imports WeakRefs

Public Class Person
    Public Property Id As Integer
End Class

Public Class Registrar
    Private Shared ReadOnly Gone As New FinalizationRegistry(Of Integer)(AddressOf Report)
    Private ReadOnly _person As WeakReference(Of Person)
    Private ReadOnly _refresh As Action = AddressOf Refresh
    Private ReadOnly _weakRefresh As WeakReference(Of Action)
    Private _handle As GCHandle

    Public Sub New(person As Person)
        _person = New WeakReference(Of Person)(person)
        _weakRefresh = New WeakReference(Of Action)(_refresh)
        _handle = GCHandle.Alloc(person, GCHandleType.Weak)
        Gone.Register(person, person.Id, Me)
    End Sub

    Public ReadOnly Property Id As Integer?
        Get
            Dim target As Person = Nothing
            Return If(_person.TryGetTarget(target), target.Id, New Integer?())
        End Get
    End Property

    Public Sub Leave()
        Gone.Unregister(Me)
        _handle.Free()
    End Sub

    Private Sub Refresh()
    End Sub

    Private Shared Sub Report(id As Integer)
        Console.WriteLine(id)
    End Sub
End Class
