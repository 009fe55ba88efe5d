namespace Sluice.Catalog;

/// <summary>The catalog can't be read or written.</summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="isTransient">Whether trying again may help (busy), or not (disk full, corrupt, read-only).</param>
/// <param name="innerException">The driver's exception.</param>
public sealed class CatalogException(string message, bool isTransient, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Whether trying again may help.</summary>
    public bool IsTransient { get; } = isTransient;
}
