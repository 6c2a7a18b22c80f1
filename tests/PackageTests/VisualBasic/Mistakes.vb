Imports System.IO
Imports System.Runtime.InteropServices
Imports WeakRefs

Public Class Order
    Public Property Id As Integer
End Class

Public Class Slot
    Public Sub New(target As Object)
        Me.Target = target
    End Sub

    Public Property Target As Object
End Class

Public Class Shop
    Private Shared ReadOnly Files As New FinalizationRegistry(Of FileStream)(Sub(file) file.Close()) ' WREF404
    Private ReadOnly _registry As New FinalizationRegistry(Of Object)(Sub(held) Console.WriteLine(held))
    Private ReadOnly _audit As New FinalizationRegistry(Of Integer)(AddressOf Report) ' WREF302
    Private ReadOnly _refresh As New WeakReference(Of Action)(AddressOf Refresh) ' WREF204
    Private ReadOnly _number As New WeakReference(42) ' WREF201
    Private ReadOnly _name As New WeakReference("settings") ' WREF202

    Private Delegate Function HookProc(code As Integer, w As IntPtr, l As IntPtr) As IntPtr

    Private Declare Auto Function SetWindowsHookEx Lib "user32" (
        id As Integer, proc As HookProc, [module] As IntPtr, thread As UInteger) As IntPtr

    Public Sub Watch(order As Order, file As FileStream)
        Files.Register(order, file)
        _registry.Register(order, order) ' WREF301
        _registry.Register(order, order.Id, order.Id) ' WREF402
        _audit.Register(Me, order.Id)
        Dim registry As New FinalizationRegistry(Of Integer)(Sub(id) Console.WriteLine(id)) ' WREF401
        registry.Register(order, order.Id)
        Dim lost As New WeakReference(New Order()) ' WREF203
        Console.WriteLine(lost.IsAlive)
        Dim slot As New Slot(order.Id) ' WREF201
        Console.WriteLine(slot)
        SetWindowsHookEx(13, AddressOf OnKey, IntPtr.Zero, 0) ' WREF206
    End Sub

    Private Sub Refresh()
    End Sub

    Private Sub Report(id As Integer)
    End Sub

    Private Function OnKey(code As Integer, w As IntPtr, l As IntPtr) As IntPtr
        Return IntPtr.Zero
    End Function
End Class
