namespace Containerd.Snapshots;

/// <summary>
/// A value, or an error as a value. Use it for errors that are normal answers, such as AlreadyExists from Prepare, to
/// avoid the cost of an exception. Values and <see cref="SnapshotResult"/>'s errors convert to it implicitly.
/// </summary>
/// <typeparam name="T">The call's payload: <see cref="SnapshotInfo"/>, mounts, ...</typeparam>
public readonly record struct SnapshotResult<T>
{
    private readonly SnapshotResult _outcome;

    internal SnapshotResult(T? value, SnapshotResult outcome)
    {
        Value = value;
        _outcome = outcome;
    }

    /// <summary>The value; the type's default if there is an error.</summary>
    public T? Value { get; }

    /// <inheritdoc cref="SnapshotResult.Error"/>
    public SnapshotterError? Error => _outcome.Error;

    /// <inheritdoc cref="SnapshotResult.Message"/>
    public string Message => _outcome.Message;

    /// <inheritdoc cref="SnapshotResult.IsSuccess"/>
    public bool IsSuccess => _outcome.IsSuccess;

    /// <summary>Converts a value to a result.</summary>
    /// <param name="value">The value.</param>
    public static implicit operator SnapshotResult<T>(T value) => new(value, default);

    /// <summary>Converts an error to a result.</summary>
    /// <param name="failure">The error.</param>
    /// <exception cref="ArgumentException"><paramref name="failure"/> is a success, which has no value.</exception>
    public static implicit operator SnapshotResult<T>(SnapshotResult failure) => failure.IsSuccess
        ? throw new ArgumentException("This call needs a value: return the value, not a success without one.", nameof(failure))
        : new(default, failure);

    internal SnapshotResult Outcome => _outcome;
}
