namespace Containerd.Snapshots.Tests.Model;

/// <summary>What a call answered, as a text that is the same for all who do the same. Times and paths are not in it.</summary>
public static class Answer
{
    public const string Done = "done";

    public static string Error(object kind) => $"error {kind}";

    public static string Info(string name, string kind, string parent, IEnumerable<KeyValuePair<string, string>> labels) =>
        $"{kind} {name} on \"{parent}\" {{{string.Join(", ", labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"))}}}";

    /// <summary>Infos come in no order that anyone promises.</summary>
    public static string Infos(IEnumerable<string> infos) => string.Join('\n', infos.Order(StringComparer.Ordinal));

    /// <summary>A bind mount where one directory is all there is, an overlay mount otherwise.</summary>
    public static string Mount(bool isActive, int parents) => (isActive, parents) switch
    {
        (true, 0) => "bind rw",
        (true, _) => $"overlay rw on {parents}",
        (false, < 2) => "bind ro",
        (false, _) => $"overlay ro on {parents}",
    };
}
