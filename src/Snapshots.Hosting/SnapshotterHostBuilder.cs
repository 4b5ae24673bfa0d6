using System.CommandLine;
using System.ComponentModel;
using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Hosting.CommandLine;
using Containerd.Snapshots.Hosting.Reporting;
using Containerd.Snapshots.Hosting.Setup;

namespace Containerd.Snapshots;

/// <summary>
/// A program with options of its own, or with several snapshotters on one socket; containerd's configuration names the one
/// it means.
/// </summary>
public sealed class SnapshotterHostBuilder
{
    private readonly string[] _args;
    private readonly HostedProgram _program = new();

    internal SnapshotterHostBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        _args = args;
    }

    /// <summary>
    /// Adds an option to the command line, beside those that every host has. It is checked, and listed by <c>--help</c>, as
    /// those are; <see cref="SnapshotterHostContext.GetValue"/> has what was given.
    /// </summary>
    /// <param name="option">The option, with its description for <c>--help</c>.</param>
    /// <exception cref="ArgumentException">There is an option of that name, or with that alias, already.</exception>
    public SnapshotterHostBuilder AddOption(Option option)
    {
        ArgumentNullException.ThrowIfNull(option);
        foreach (var name in (IEnumerable<string>)[option.Name, .. option.Aliases])
        {
            if (HostOptionSet.Names.Contains(name) || _program.Options.Exists(other => other.Name == name || other.Aliases.Contains(name)))
                throw new ArgumentException($"There is an option \"{name}\" already.", nameof(option));
        }

        _program.Options.Add(option);
        return this;
    }

    /// <summary>
    /// Declares something that containerd may count on, such as <c>remap-ids</c> or <c>rebase</c>: the command <c>config</c>
    /// prints it, and <c>check</c> sees that containerd's configuration has no other ones.
    /// </summary>
    /// <param name="capability">The capability, as containerd's configuration has it.</param>
    public SnapshotterHostBuilder AddCapability(string capability) => AddCapability(capability, static _ => true);

    /// <summary>Declares a capability that depends on the command line.</summary>
    /// <param name="capability">The capability, as containerd's configuration has it.</param>
    /// <param name="isThere">Whether the snapshotter has it, with the options that are given.</param>
    public SnapshotterHostBuilder AddCapability(string capability, Func<SnapshotterCommandLine, bool> isThere)
    {
        ArgumentException.ThrowIfNullOrEmpty(capability);
        ArgumentNullException.ThrowIfNull(isThere);
        _program.Capabilities.Add(new(capability, isThere));
        return this;
    }

    /// <summary>
    /// Declares something that other parts of containerd read in its configuration, such as
    /// <c>enable_remote_snapshot_annotations</c>, for the command <c>config</c>. <c>root</c> need not be declared: it is the
    /// directory of <c>--root</c>.
    /// </summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">There is an export of that name already.</exception>
    public SnapshotterHostBuilder AddExport(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (_program.Exports.Exists(other => other.Key == name))
            throw new ArgumentException($"There is an export \"{name}\" already.", nameof(name));

        _program.Exports.Add(new(name, value));
        return this;
    }

    /// <summary>
    /// Adds a check to the command <c>check</c>, beside those of every host: something without which the snapshotter does not
    /// work on this machine. It is run for each snapshotter, and none is made: it must create and change nothing.
    /// </summary>
    /// <param name="name">What it looks at, in a word or two: what it finds is printed after it.</param>
    /// <param name="check">Looks, and says what it has found. An exception is printed as something wrong.</param>
    public SnapshotterHostBuilder AddCheck(string name, Func<SnapshotterCommandLine, IEnumerable<SnapshotterCheckResult>> check)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(check);
        _program.Checks.Add(new(name, check));
        return this;
    }

    /// <summary>Gives the limits other defaults; the command line's options win.</summary>
    /// <param name="configure">Changes them.</param>
    public SnapshotterHostBuilder ConfigureLimits(Action<SnapshotterLimits> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(_program.Limits);
        return this;
    }

    /// <summary>Adds a snapshotter that answers whatever name containerd's configuration gives it; it is the only one then.</summary>
    /// <typeparam name="T">A class marked <see cref="SnapshotterAttribute"/>.</typeparam>
    /// <param name="create">
    /// Makes the snapshotter, once the command line is known to be good. It is disposed after the last call, if it can be.
    /// </param>
    public SnapshotterHostBuilder AddSnapshotter<T>(Func<SnapshotterHostContext, T> create)
        where T : class, ISnapshotter<T>
    {
        ArgumentNullException.ThrowIfNull(create);
        if (_program.Snapshotters.Count > 0)
            throw new InvalidOperationException("A snapshotter without a name answers every name: no other one can be beside it.");

        Add(null, create);
        return this;
    }

    /// <summary>Takes a class that is not a snapshotter; the analyzers say what is wrong with it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public SnapshotterHostBuilder AddSnapshotter<T>(Func<SnapshotterHostContext, T> create, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();

    /// <summary>Adds a snapshotter.</summary>
    /// <typeparam name="T">A class marked <see cref="SnapshotterAttribute"/>.</typeparam>
    /// <param name="name">Its name in containerd's configuration: <c>[proxy_plugins.NAME]</c>.</param>
    /// <param name="create">
    /// Makes the snapshotter, once the command line is known to be good. It is disposed after the last call, if it can be.
    /// </param>
    public SnapshotterHostBuilder AddSnapshotter<T>(string name, Func<SnapshotterHostContext, T> create)
        where T : class, ISnapshotter<T>
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(create);

        if (name is "." or ".." || name.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException($"\"{name}\" cannot be a snapshotter's name: its root directory has that name.", nameof(name));

        if (_program.Snapshotters.Exists(other => other.Name is null))
            throw new InvalidOperationException("A snapshotter without a name answers every name: no other one can be beside it.");

        if (_program.Snapshotters.Exists(other => other.Name == name))
            throw new ArgumentException($"Two snapshotters have the name \"{name}\".", nameof(name));

        Add(name, create);
        return this;
    }

    /// <summary>Takes a class that is not a snapshotter; the analyzers say what is wrong with it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public SnapshotterHostBuilder AddSnapshotter<T>(string name, Func<SnapshotterHostContext, T> create, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();

    /// <summary>Runs the program until SIGTERM or SIGINT.</summary>
    /// <param name="cancellationToken">Stops the host, as SIGTERM does.</param>
    /// <returns>The exit code: 0, or 1 with one sentence on standard error that says what to change.</returns>
    public Task<int> RunAsync(CancellationToken cancellationToken = default) => _program.Snapshotters.Count == 0
        ? throw new InvalidOperationException("There is no snapshotter to run: add one first.")
        : HostCommandLine.InvokeAsync(_args, _program, cancellationToken);

    internal void Add<T>(string? name, Func<SnapshotterHostContext, T> create)
        where T : class, ISnapshotter<T> =>
        _program.Snapshotters.Add(new HostedSnapshotter(name, typeof(T), context =>
        {
            var snapshotter = create(context) ?? throw new SetupException($"the program made no {typeof(T).Name}, but null");
            return (snapshotter, T.CreateService(snapshotter));
        }));
}
