using System.Text.RegularExpressions;
using CsCheck;
using Sluice.Protocol;
using Xunit;

namespace Sluice.UnitTests.Protocol;

public sealed partial class PageTokenTests
{
    private static readonly Gen<(DateTimeOffset Time, string Id, string Scope)> Cursor = Gen.Select(
        Gen.Long[0, DateTimeOffset.MaxValue.Ticks], Gen.String[Gen.Char['!', '~'], 0, PageToken.MaxIdBytes], Gen.String,
        (ticks, id, scope) => (new DateTimeOffset(ticks, TimeSpan.Zero), id, scope));

    [Fact]
    public void A_token_gives_back_its_cursor_to_the_tick() => Cursor.Sample(cursor =>
        PageToken.TryDecode(PageToken.Encode(cursor.Time, cursor.Id, cursor.Scope), cursor.Scope, out var time, out var id)
        && time == cursor.Time && id == cursor.Id);

    [Fact]
    public void A_token_has_the_form_the_model_asks_for() => Cursor.Sample(cursor =>
    {
        var token = PageToken.Encode(cursor.Time, cursor.Id, cursor.Scope);
        return token.Length is >= 1 and <= 255 && ModelPattern().IsMatch(token);
    });

    [Fact]
    public void A_token_of_another_listing_is_refused() => Gen.Select(Cursor, Gen.String, (cursor, other) => (cursor, other))
        .Where(sample => sample.cursor.Scope != sample.other)
        .Sample(sample => !PageToken.TryDecode(PageToken.Encode(sample.cursor.Time, sample.cursor.Id, sample.cursor.Scope), sample.other, out _, out _));

    [Fact]
    public void A_token_with_any_character_changed_is_refused() =>
        Gen.Select(Cursor, Gen.Int[0, 1000], Gen.Char["ABab01+/= \n"], (cursor, position, character) => (cursor, position, character)).Sample(sample =>
        {
            var token = PageToken.Encode(sample.cursor.Time, sample.cursor.Id, sample.cursor.Scope).ToCharArray();
            var changed = token.ToArray();
            changed[sample.position % token.Length] = sample.character;
            return changed.SequenceEqual(token) || !PageToken.TryDecode(new string(changed), sample.cursor.Scope, out _, out _);
        });

    [Fact]
    public void Any_text_is_refused_without_failing() =>
        Gen.OneOf(Gen.String, Gen.Byte.Array[0, 200].Select(Convert.ToBase64String)).Sample(text => !PageToken.TryDecode(text, "scope", out _, out _));

    [Fact]
    public void The_longest_task_id_fits() =>
        Assert.InRange(PageToken.Encode(DateTimeOffset.MaxValue, "task-" + new string('f', 123), "scope").Length, 1, 255);

    [GeneratedRegex(@"\A(?:[A-Za-z0-9+\/]{4})*(?:[A-Za-z0-9+\/]{2}==|[A-Za-z0-9+\/]{3}=)?\z")]
    private static partial Regex ModelPattern();
}
