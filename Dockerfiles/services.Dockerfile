# Both services, and the tools that check and load them, from one build:
#   docker build -f Dockerfiles/services.Dockerfile --target order-service .
ARG SWIFT_VERSION=6.3.3
ARG DISTRIBUTION=bookworm

FROM swift:${SWIFT_VERSION}-${DISTRIBUTION} AS toolchain
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends libsqlite3-dev libssl-dev zlib1g-dev \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
WORKDIR /build
ENV PRODUCTS="order-service inventory-service ostack-check ostack-load"

# The packages that the services depend on, compiled before any source of ours is looked at: the
# layer stays valid until Package.swift or a C module map changes.
FROM toolchain AS dependencies
COPY Package.swift Package.resolve[d] ./
COPY Sources/CLinux Sources/CLinux
COPY Sources/COpenSSL Sources/COpenSSL
COPY Sources/CZlib Sources/CZlib
COPY Dockerfiles/stub-targets.sh /usr/local/bin/
RUN stub-targets.sh \
 && for product in $PRODUCTS; do swift build -c release --product "$product" || exit 1; done

FROM dependencies AS build
RUN rm -rf Sources
COPY Sources Sources
RUN mkdir /out && for product in $PRODUCTS; do \
      swift build -c release --product "$product" -Xlinker -S \
      && cp "$(swift build -c release --show-bin-path)/$product" /out/ || exit 1; \
    done

FROM swift:${SWIFT_VERSION}-${DISTRIBUTION}-slim AS runtime
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends ca-certificates libsqlite3-0 libssl3 zlib1g \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin \
 && useradd --system --uid 10001 --user-group --home-dir /nonexistent --no-create-home ostack \
 && install -d -o ostack -g ostack -m 0750 /data
# Prints where a crash happened; the slim image has none.
COPY --from=build /usr/libexec/swift/linux/swift-backtrace-static /usr/libexec/swift/linux/
# A new named volume at /data takes over its owner, so nobody has to change permissions.
ENV DATA_DIRECTORY=/data \
    SWIFT_BACKTRACE=enable=yes,interactive=no,color=no,swift-backtrace=/usr/libexec/swift/linux/swift-backtrace-static
USER 10001:10001
WORKDIR /data

FROM runtime AS inventory-service
COPY --from=build /out/inventory-service /usr/local/bin/
ENV INVENTORY_SERVICE_HOST=*
EXPOSE 8010
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["inventory-service", "healthcheck"]
ENTRYPOINT ["inventory-service"]

FROM runtime AS order-service
COPY --from=build /out/order-service /usr/local/bin/
ENV ORDER_SERVICE_HOST=*
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["order-service", "healthcheck"]
ENTRYPOINT ["order-service"]

# Follows an order through the stack, and puts it under load; listens nowhere.
FROM runtime AS tools
COPY --from=build /out/ostack-check /out/ostack-load /usr/local/bin/
CMD ["ostack-check", "--help"]
