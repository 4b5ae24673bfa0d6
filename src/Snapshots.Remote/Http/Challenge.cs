using System.Text;

namespace Containerd.Snapshots.Remote.Http;

/// <summary>A way to authenticate that a registry offers, from the header WWW-Authenticate (RFC 9110).</summary>
/// <param name="Scheme">The scheme in lower case, such as <c>bearer</c>.</param>
/// <param name="Parameters">The parameters; their names are in lower case.</param>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    private const int MaxLength = 8192, MaxChallenges = 8, MaxParameters = 16;

    public string this[string name] => Parameters.GetValueOrDefault(name, "");

    /// <summary>Reads the values of the header. What is malformed is left out.</summary>
    public static IReadOnlyList<Challenge> Read(IEnumerable<string> values)
    {
        var challenges = new List<Challenge>();
        foreach (var value in values.Where(value => value.Length <= MaxLength))
            new Reader(value, challenges).Read();

        return challenges;
    }

    private sealed class Reader(string text, List<Challenge> challenges)
    {
        private int _position;
        private Dictionary<string, string>? _parameters;

        public void Read()
        {
            while (SkipSeparators())
            {
                var token = Token();
                if (token.Length == 0)
                    _position++;    // Not a token: skipped.
                else if (_parameters is not null && SkipEquals())
                    Add(token, Value());
                else if (challenges.Count < MaxChallenges)
                    challenges.Add(new(token.ToLowerInvariant(), _parameters = []));
            }
        }

        private void Add(string name, string value)
        {
            if (_parameters!.Count < MaxParameters)
                _parameters.TryAdd(name.ToLowerInvariant(), value);
        }

        private bool SkipSeparators()
        {
            while (_position < text.Length && text[_position] is (' ' or '\t' or ','))
                _position++;
            return _position < text.Length;
        }

        private bool SkipEquals()
        {
            var next = _position;
            while (next < text.Length && text[next] is (' ' or '\t'))
                next++;
            if (next >= text.Length || text[next] != '=')
                return false;

            _position = next + 1;
            return true;
        }

        private string Token()
        {
            var start = _position;
            while (_position < text.Length && (char.IsAsciiLetterOrDigit(text[_position]) || "!#$%&'*+-.^_`|~:/?@".Contains(text[_position], StringComparison.Ordinal)))
                _position++;
            return text[start.._position];
        }

        private string Value()
        {
            while (_position < text.Length && text[_position] is (' ' or '\t'))
                _position++;
            if (_position >= text.Length || text[_position] != '"')
                return Token();

            var value = new StringBuilder();
            for (_position++; _position < text.Length && text[_position] != '"'; _position++)
            {
                if (text[_position] == '\\' && _position + 1 < text.Length)
                    _position++;
                value.Append(text[_position]);
            }

            _position++;
            return value.ToString();
        }
    }
}
