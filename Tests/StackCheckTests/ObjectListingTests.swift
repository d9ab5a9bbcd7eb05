@testable import StackCheck
import Testing

@Suite struct ObjectListingTests {
  private func parse(_ text: String) -> ObjectListing? {
    ObjectListing(parsing: Array(text.utf8))
  }

  @Test func objectsAndTheNextPage() throws {
    let page = try #require(
      parse(Answers.objects(["fake/a&amp;b&#x41;&#66;", "c"], next: "t&lt;1")))
    #expect(page.objects.map(\.key) == ["fake/a&bAB", "c"])
    #expect(page.objects.map(\.byteCount) == [10, 10])
    // `date -u -d 2126-11-28T05:10:50 +%s`
    #expect(page.objects.map(\.modifiedAt) == [4_951_516_250, 4_951_516_250])
    #expect(page.continuation == "t<1")
    let last = try #require(parse(Answers.objects([])))
    #expect(last.objects.isEmpty && last.continuation == nil)
  }

  @Test func otherFormsOfTheSame() throws {
    let page = try #require(
      parse(
        """
        \u{FEFF}<?xml version='1.0'?><!-- > --><ListBucketResult a="/>" b='"'>
          <Contents note="x"><Size>1</Size><Key>a<!-- b -->c<![CDATA[<&]]></Key>
          <LastModified>1970-01-02T00:00:01Z</LastModified></Contents >
          <CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes><Empty/>
          <NextContinuationToken>unused</NextContinuationToken>
        </ListBucketResult>
        """))
    #expect(page.objects.map(\.key) == ["ac<&"])
    #expect(page.objects.map(\.modifiedAt) == [86_401])
    #expect(page.continuation == nil, "not truncated")
  }

  @Test(arguments: [
    "", " ", "x", "<", "<>", "<a", "<a>", "</a>", "<a/>", "<a></b>", "<ListBucketResult>",
    "<Error><Code>AccessDenied</Code></Error>", "<ListBucketResult/><ListBucketResult/>",
    "<ListBucketResult/>x", "x<ListBucketResult/>", "<ListBucketResult>&x;</ListBucketResult>",
    "<ListBucketResult>&#0;</ListBucketResult>", "<ListBucketResult>&#xD800;</ListBucketResult>",
    "<ListBucketResult>&amp</ListBucketResult>", "<!DOCTYPE a><ListBucketResult/>",
    "<ListBucketResult><!-- </ListBucketResult>", "<ListBucketResult a=\"></ListBucketResult>",
    "<ListBucketResult><Contents/></ListBucketResult>",
    "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
    "<![CDATA[x]]><ListBucketResult/>",
  ])
  func whatIsNoList(_ text: String) {
    #expect(parse(text) == nil)
  }

  @Test(arguments: [
    ("Size", "10", "-1"), ("Size", "10", "x"), ("Size", "10", ""), ("Key", "k", ""),
    ("LastModified", "2126-11-28T05:10:50.123Z", "2126-11-28 05:10:50Z"),
    ("LastModified", "2126-11-28T05:10:50.123Z", "2126-13-28T05:10:50Z"),
    ("LastModified", "2126-11-28T05:10:50.123Z", "2126-11-28T05:10:50"),
    ("LastModified", "2126-11-28T05:10:50.123Z", "Z"),
    ("LastModified", "2126-11-28T05:10:50.123Z", "2126-1١-28T05:10:50Z"),
  ])
  func aListWithAnObjectThatIsNone(_ name: String, _ value: String, _ wrong: String) {
    let good = Answers.objects(["k"])
    #expect(parse(good) != nil)
    let bad = good.replacing("<\(name)>\(value)</\(name)>", with: "<\(name)>\(wrong)</\(name)>")
    #expect(bad != good && parse(bad) == nil)
  }

  @Test func nestingIsBounded() {
    let deep = { (depth: Int) in
      "<ListBucketResult>" + String(repeating: "<a>", count: depth - 1)
        + String(repeating: "</a>", count: depth - 1) + "</ListBucketResult>"
    }
    #expect(parse(deep(XMLReader.depthMax)) != nil)
    #expect(parse(deep(XMLReader.depthMax + 1)) == nil)
  }
}
