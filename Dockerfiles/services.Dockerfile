# Both services from one build:
#   docker build -f Dockerfiles/services.Dockerfile --target order-service .
ARG SWIFT_VERSION=6.3.3
ARG DISTRIBUTION=bookworm

FROM swift:${SWIFT_VERSION}-${DISTRIBUTION} AS toolchain
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends libsqlite3-dev libssl-dev zlib1g-dev \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
WORKDIR /build

# The packages that the services depend on, compiled before any source of ours is looked at: the
# layer stays valid until Package.swift or a C module map changes.
FROM toolchain AS dependencies
COPY Package.swift Package.resolve[d] ./
COPY Sources/CLinux Sources/CLinux
COPY Sources/COpenSSL Sources/COpenSSL
COPY Sources/CZlib Sources/CZlib
COPY Dockerfiles/stub-targets.sh /usr/local/bin/
RUN stub-targets.sh \
 && swift build -c release --product order-service \
 && swift build -c release --product inventory-service

FROM dependencies AS build
RUN rm -rf Sources
COPY Sources Sources
RUN swift build -c release --product order-service -Xlinker -S \
 && swift build -c release --product inventory-service -Xlinker -S \
 && mkdir /out \
 && cp "$(swift build -c release --show-bin-path)"/order-service \
       "$(swift build -c release --show-bin-path)"/inventory-service /out/

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
