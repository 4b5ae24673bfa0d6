using Containerd.Snapshots.Wire;
using Google.Protobuf;

namespace Containerd.Snapshots.Tests.Hostile.Inputs;

/// <summary>List calls with filters that are expensive or easy to misread.</summary>
internal static class HostileFilters
{
    private static readonly string[] Tokens =
        ["name", "parent", "kind", "labels", ".", ",", "==", "!=", "~=", "=", "\"", "/", "|", "\\", "(", ")", "[", "]", "{", "}", "*", "+", "?", "^", "$",
         "a", "x", "0", "9", "\\x", "\\u", "\\U", "\\p{Greek}", "(?i)", "(?P<n>", "{1000}", "{2,}", "[[:alpha:]]", " ", "\n", "\0", "ü", "\U0001F600"];

    private static readonly Func<Random, string>[] Kinds =
    [
        random => string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => random.Pick(Tokens))),
        random => $"name~=/{string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => random.Pick(Tokens)))}/",
        random => $"name~=|{new string('(', random.Next(3000))}a{new string(')', random.Next(3000))}|",
        random => $"name~=\"{string.Concat(Enumerable.Repeat("(a*)*", random.Next(1, 200)))}$\"",
        random => $"labels.\"x\"~=/(a{{{random.Next(1, 1001)}}}){{{random.Next(1, 1001)}}}/",
        random => $"labels{string.Concat(Enumerable.Repeat(".a", random.Next(5000)))}==1",
        random => string.Join(',', Enumerable.Repeat("name!=a", random.Next(1, 3000))),
        random => $"name==\"{new string('\\', random.Next(5000))}",
        random => $"name==\"{string.Concat(Enumerable.Repeat("\\377", random.Next(1000)))}\"",
    ];

    public static Input Any(Random random)
    {
        var request = new ListSnapshotsRequest();
        for (var i = random.Next(1, 6); i > 0; i--)
            request.Filters.Add(random.Pick(Kinds)(random));
        return Input.Call("filters", "List", Request.Body(request.ToByteArray()));
    }
}
