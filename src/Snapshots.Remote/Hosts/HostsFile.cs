namespace Containerd.Snapshots.Remote.Hosts;

/// <summary>
/// A registry's <c>hosts.toml</c>, with the meaning that it has for containerd (its docs/hosts.md): the tables
/// <c>[host."URL"]</c> in the order of the file, then the server.
/// </summary>
internal static class HostsFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="text">The file.</param>
    /// <param name="folder">Its folder, from which relative paths start.</param>
    /// <param name="registry">The host of the image's reference, which is the server if the file names none.</param>
    /// <exception cref="FormatException">The file is malformed. The message has the line.</exception>
    public static IReadOnlyList<RegistryHost> Read(string text, string folder, string registry)
    {
        var root = TomlTable.Parse(text);
        var hosts = new List<RegistryHost>();
        if (root["host"] is { } tables)
        {
            var named = tables.Value as TomlTable ?? throw TomlTable.At(tables.Line, "\"host\" is not a table");
            foreach (var address in named.Keys)
            {
                var table = named[address]!;
                hosts.Add(ReadHost(address, table.Line, table.Value as TomlTable ?? throw TomlTable.At(table.Line, $"the host \"{address}\" is not a table"), folder));
            }
        }

        hosts.Add(ReadServer(root, folder, registry));
        return hosts;
    }

    private static RegistryHost ReadServer(TomlTable root, string folder, string registry)
    {
        var server = root["server"];
        return server is null || Text(server, "server").Length == 0
            ? WithoutAddress(root, folder, registry)
            : ReadHost(Text(server, "server"), server.Line, root, folder);
    }

    // containerd then takes all that belongs to the address from the registry's name, also what the server may be asked for.
    private static RegistryHost WithoutAddress(TomlTable root, string folder, string registry)
    {
        var named = DefaultHost.Of(registry);
        var read = Fill(named, root, folder);
        return read with { Capabilities = named.Capabilities, SkipVerify = named.SkipVerify ?? read.SkipVerify };
    }

    private static RegistryHost ReadHost(string address, int line, TomlTable table, string folder)
    {
        var text = address.StartsWith("http", StringComparison.Ordinal) ? address : $"https://{address}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0 || uri.UserInfo.Length > 0)
            throw TomlTable.At(line, $"\"{address}\" is not an address of a registry");

        var path = uri.AbsolutePath.TrimEnd('/');
        if (!path.EndsWith("/v2", StringComparison.Ordinal) && table["override_path"]?.Value is not true)
            path += "/v2";

        return Fill(new(uri.Scheme, uri.Authority, path), table, folder);
    }

    private static RegistryHost Fill(RegistryHost host, TomlTable table, string folder) => host with
    {
        Capabilities = ReadCapabilities(table["capabilities"]) ?? host.Capabilities,
        CertificateAuthorities = [.. Texts(table["ca"], "ca").Select(path => Path.Combine(folder, path))],
        ClientCertificates = [.. ReadClients(table["client"], folder)],
        SkipVerify = table["skip_verify"] is { } skip ? Flag(skip, "skip_verify") : null,
        Headers = [.. ReadHeaders(table["header"])],
        DialTimeout = ReadDuration(table["dial_timeout"]) ?? host.DialTimeout,
    };

    private static HostCapabilities? ReadCapabilities(TomlValue? value)
    {
        if (value is null || List(value, "capabilities") is { Count: 0 })
            return null;

        var capabilities = HostCapabilities.None;
        foreach (var item in List(value, "capabilities"))
        {
            var name = Text(item, "capabilities");
            capabilities |= name.ToLowerInvariant() switch
            {
                "pull" => HostCapabilities.Pull,
                "resolve" => HostCapabilities.Resolve,
                "push" or "referrers" => HostCapabilities.None,
                _ => throw TomlTable.At(item.Line, $"\"{name}\" is not a capability: they are pull, resolve and push"),
            };
        }

        return capabilities;
    }

    private static IEnumerable<ClientCertificate> ReadClients(TomlValue? value, string folder)
    {
        if (value is null)
            yield break;

        foreach (var item in value.Value is string ? [value] : List(value, "client"))
        {
            var pair = item.Value is List<TomlValue> both ? both.ConvertAll(path => Text(path, "client")) : [Text(item, "client"), ""];
            if (pair.Count != 2)
                throw TomlTable.At(item.Line, "a pair of \"client\" has not two paths: a certificate and a key");

            yield return new(Path.Combine(folder, pair[0]), pair[1].Length == 0 ? null : Path.Combine(folder, pair[1]));
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> ReadHeaders(TomlValue? value)
    {
        if (value is null)
            yield break;

        var table = value.Value as TomlTable ?? throw TomlTable.At(value.Line, "\"header\" is not a table");
        foreach (var name in table.Keys)
        {
            foreach (var text in Texts(table[name], "header"))
            {
                if (!IsHeader(name, text))
                    throw TomlTable.At(table[name]!.Line, $"\"{name}\" is not a header with a text of one line");

                yield return new(name, text);
            }
        }
    }

    // The characters of a token in RFC 9110.
    private static bool IsHeader(string name, string value) =>
        name.Length > 0
        && name.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal))
        && !value.Any(char.IsControl);

    private static TimeSpan? ReadDuration(TomlValue? value)
    {
        if (value is null || Text(value, "dial_timeout") is not { Length: > 0 } text)
            return null;

        return GoDuration.TryParse(text, out var duration)
            ? duration
            : throw TomlTable.At(value.Line, $"the dial_timeout \"{text}\" is not a duration such as \"5s\"");
    }

    private static IEnumerable<string> Texts(TomlValue? value, string name) =>
        value is null ? []
            : value.Value is string text ? [text]
            : List(value, name).Select(item => Text(item, name));

    private static string Text(TomlValue value, string name) => value.Value as string ?? throw TomlTable.At(value.Line, $"\"{name}\" is not a text");

    private static bool Flag(TomlValue value, string name) => value.Value as bool? ?? throw TomlTable.At(value.Line, $"\"{name}\" is neither true nor false");

    private static List<TomlValue> List(TomlValue value, string name) => value.Value as List<TomlValue> ?? throw TomlTable.At(value.Line, $"\"{name}\" is not a list");
}
