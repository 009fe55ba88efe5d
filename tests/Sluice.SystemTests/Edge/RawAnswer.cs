using System.Text;
using Sluice.TestKit;

namespace Sluice.SystemTests.Edge;

/// <summary>An HTTP answer as it came.</summary>
internal sealed record RawAnswer(HttpHead Head, byte[] Body)
{
    public int Status => Head.Status;

    /// <summary>The answer for a person: status and the beginning of its body.</summary>
    public override string ToString() => $"{Status} {Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 400)))}";
}
