namespace Sluice.Protocol.Constraints;

/// <summary>The constraint table: every shape an input in scope is made of.</summary>
internal static partial class InputShapes
{
    // A second even on a busy machine: no pattern here needs a thousandth of it on a text within its length limits.
    private const int PatternTimeoutMilliseconds = 1000;
}
