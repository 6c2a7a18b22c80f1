class Roles
{
    private readonly Dictionary<WeakReference<User>, string> _roles = new();

    public void Grant(User user, string role) => _roles[new(user)] = role;

    public bool IsAdmin(User user) => _roles.TryGetValue(new(user), out var role) && role == "admin";
}

class User;
