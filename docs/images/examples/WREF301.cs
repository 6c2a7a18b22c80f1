class Orders
{
    private readonly FinalizationRegistry<object> _gone = new(static held => Log(held));

    public void Watch(Order order)
    {
        _gone.Register(order, (order, DateTime.UtcNow));
    }

    private static void Log(object held) => Console.WriteLine($"{held} is gone");
}

record Order(int Id);
